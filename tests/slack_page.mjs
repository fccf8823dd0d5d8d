// Draws Slack messages as slack-blocks-to-jsx does: JSON on standard input, a page on standard output. Run by
// tests/pictures.py in a folder that has the package, react and react-dom.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const { name, logo, messages } = JSON.parse(readFileSync(0, "utf8"));
const style = readFileSync(createRequire(import.meta.url).resolve("slack-blocks-to-jsx/dist/style.css"), "utf8");
const drawn = messages.map(({ blocks, at }) =>
  renderToStaticMarkup(createElement(Message, { name, logo, time: new Date(at), blocks, showBlockKitDebug: false })),
);
process.stdout.write(
  `<!doctype html><meta charset="utf-8"><style>${style}
  body { margin: 0; background: #fff; font-family: Lato, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
  /* Slack keeps its blocks eight pixels apart, and this package does not. */
  .slack_blocks_to_jsx--block_wrapper { padding: 4px 0; }
  main { width: 720px; padding: 12px 16px; }
  </style><main>${drawn.join("")}</main>`,
);
