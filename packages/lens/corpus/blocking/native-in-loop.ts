// The loop's head is where the thread can be interrupted, but its time goes into what a line of its body calls.
function format(): number {
  let length = 0;
  for (let i = 0; i < 6_000; i++) {
    length += new Intl.NumberFormat("de-DE", { style: "currency", currency: "EUR" }).format(i).length; // BLOCKS
  }
  return length;
}

console.log(format() > 0);
