// The loop lies two calls below the async function.
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  const until = Date.now() + 300;
  while (Date.now() < until) sum = (sum * 31 + bytes[sum % bytes.length]!) % 65_521; // BLOCKS
  return sum;
}

function verify(bytes: Uint8Array): boolean {
  return checksum(bytes) >= 0;
}

async function download(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  console.log(verify(new Uint8Array(1000)));
}

await download();
