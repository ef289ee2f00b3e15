function pause(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000); // BLOCKS Atomics.wait
}

setTimeout(() => pause(0.3), 10);
