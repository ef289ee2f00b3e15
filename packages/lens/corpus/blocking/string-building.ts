function page(): string {
  let html = "";
  const until = Date.now() + 300;
  for (let i = 0; Date.now() < until; i++) html = `${html.slice(-1000)}<li>${i}</li>`; // BLOCKS
  return html;
}

setTimeout(() => console.log(page().length > 0), 10);
