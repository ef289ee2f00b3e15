import { readVersion } from "parse-config";

class Updater {
  check() {
    return readVersion(); // BLOCKS readVersion (parse-config)
  }
}

setTimeout(() => console.log(new Updater().check()), 10);
