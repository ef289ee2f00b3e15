const shared = new Int32Array(new SharedArrayBuffer(4));
const wait = Atomics.waitAsync(shared, 0, 0);
setTimeout(() => Atomics.notify(shared, 0), 400);
console.log(await wait.value);
