/** The page of `turnwise studio`. */
import { render } from "preact";
import { App } from "./shell/app.tsx";
import { keepPlace } from "./keep-place.ts";
import { readPlace } from "./address.ts";
import { Studio } from "./studio.ts";
import { ThemeChoice } from "./theme-choice.ts";
import "./style.css";

const studio = new Studio(readPlace(location.hash));
keepPlace(studio);
render(<App studio={studio} theme={new ThemeChoice()} />, document.getElementById("app")!);
