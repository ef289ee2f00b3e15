# Case 2 of 3: async code done wrong. `sleep` never lets go of the thread, so the tasks still take 5 s.
import asyncio
import time


async def sleep():
    print(f"Time: {time.time() - start:.2f}")
    time.sleep(1)  # Blocks the thread for a second.


async def sum(name, numbers):
    total = 0
    for number in numbers:
        print(f"Task {name}: Computing {total}+{number}")
        await sleep()
        total += number
    print(f"Task {name}: Sum = {total}\n")


start = time.time()

loop = asyncio.get_event_loop()
tasks = [
    loop.create_task(sum("A", [1, 2])),
    loop.create_task(sum("B", [1, 2, 3])),
]
loop.run_until_complete(asyncio.wait(tasks))
loop.close()

print(f"Time: {time.time() - start:.2f} sec")
