const rows = Array.from({ length: 200 }, (_, i) => ({ id: i, text: "some text ".repeat(20) }));
let length = 0;
for (let i = 0; i < 300; i++) {
  length += JSON.stringify(JSON.parse(JSON.stringify(rows))).length;
  if (i % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
}
console.log(length > 0);
