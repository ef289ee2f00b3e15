// One interface: the executors that need no other machine.
import { LoopExecutor } from "./loop-executor.ts";
import { testExecutor } from "./testing/executor-suite.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";

testExecutor("LoopExecutor", { make: () => new LoopExecutor(), cancelsWhatRuns: true, isSequential: false });
testExecutor("ThreadPoolExecutor", {
  make: () => new ThreadPoolExecutor({ maxWorkers: 1 }),
  cancelsWhatRuns: false,
  isSequential: true,
});
