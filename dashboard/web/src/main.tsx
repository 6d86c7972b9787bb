import "./trusted_types";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/charts.css";
import "./styles/shell.css";
import "./styles/overview.css";
import "./styles/pages.css";
import "./styles/drawer.css";
import { render } from "preact";
import { App } from "./app";
import { startFindings } from "./state/findings";
import { start } from "./state/store";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
render(<App />, root);
start();
startFindings();
