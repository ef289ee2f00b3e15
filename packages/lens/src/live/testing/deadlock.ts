/** Two tasks that lock two locks in different order. */
import * as asyncio from "turnwise";

const first = new asyncio.Lock();
const second = new asyncio.Lock();

async function lockBoth(a: asyncio.Lock, b: asyncio.Lock): Promise<void> {
  await a.acquire();
  await asyncio.sleep(0.01);
  await b.acquire();
}

await asyncio.run(async () => {
  setTimeout(() => console.log("ready"), 100);
  await asyncio.gather(
    asyncio.createTask(() => lockBoth(first, second), { name: "left" }),
    asyncio.createTask(() => lockBoth(second, first), { name: "right" }),
  );
});
