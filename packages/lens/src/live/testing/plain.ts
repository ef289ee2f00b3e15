/** A Node process without Turnwise. */
console.log("ready");
setInterval(() => {}, 1000);
