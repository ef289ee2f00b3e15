import * as asyncio from "turnwise";

async function pause(seconds: number): Promise<void> {
  await asyncio.sleep(seconds);
}

async function page(name: string): Promise<string> {
  await pause(0.2);
  await asyncio.sleep(0.1);
  return name;
}

await asyncio.run(async () => {
  await Promise.all([page("a"), page("b"), page("c")]);
});
