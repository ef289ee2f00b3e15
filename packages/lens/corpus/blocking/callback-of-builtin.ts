// `forEach` calls the function, and is never interrupted but where that begins.
const some = Array.from({ length: 8_000 }, (_, i) => i);
const others = Array.from({ length: 40_000 }, (_, i) => -i - 1);

function common(): number {
  let count = 0;
  some.forEach((number) => {
    if (others.includes(number)) count++; // BLOCKS Array.includes
  });
  return count;
}

console.log(common());
