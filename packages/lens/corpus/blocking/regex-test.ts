const hostile = "a".repeat(24) + "!";

function isName(text: string): boolean {
  return /^(a+)+$/.test(text); // BLOCKS RegExp.test
}

setTimeout(() => console.log(isName("aaa"), isName(hostile)), 10);
