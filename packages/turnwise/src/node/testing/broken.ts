throw new SyntaxError("this module is broken");
export function never(): void {}
