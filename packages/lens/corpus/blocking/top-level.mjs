// The program's only statement, which ends it.
for (const until = Date.now() + 300; Date.now() < until;); // BLOCKS
