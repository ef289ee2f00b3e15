# Case 1 of 3: plain code, no event loop. The two sums take 2 s + 3 s = 5 s.
import time


def sleep():
    print(f"Time: {time.time() - start:.2f}")
    time.sleep(1)


def sum(name, numbers):
    total = 0
    for number in numbers:
        print(f"Task {name}: Computing {total}+{number}")
        sleep()
        total += number
    print(f"Task {name}: Sum = {total}\n")


start = time.time()
sum("A", [1, 2])
sum("B", [1, 2, 3])
print(f"Time: {time.time() - start:.2f} sec")
