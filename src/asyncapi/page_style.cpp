#include <string_view>

#include "asyncapi/document.hpp"

namespace usher::asyncapi {
namespace {

constexpr std::string_view sheet = R"css(:root {
  --paper: #f4f1ea;
  --card: #fffdf8;
  --sunk: #f8f5ee;
  --ink: #24201c;
  --muted: #6a6258;
  --line: #e1dacd;
  --accent: #7a2638;
  --in: #1f5f66;
  --in-tint: #e0eef0;
  --out-tint: #f5e6e3;
  --name: #7a2638;
  --text: #2a6a4d;
  --number: #8a5a10;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, Inter, "Noto Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  color-scheme: light dark;
}

@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151316;
    --card: #1e1b1f;
    --sunk: #19171a;
    --ink: #ece6dc;
    --muted: #a69d92;
    --line: #332e35;
    --accent: #eba3ae;
    --in: #8ccdd3;
    --in-tint: #1a3236;
    --out-tint: #3a232a;
    --name: #eba3ae;
    --text: #86cba6;
    --number: #e2b866;
  }
}

*, ::before, ::after { box-sizing: border-box; }

html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }

@media (prefers-reduced-motion: reduce) {
  html { scroll-behavior: auto; }
}

body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); }

h1, h2, h3, h4, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }

h1, h2 { font-family: var(--serif); font-weight: 500; line-height: 1.15; letter-spacing: -0.01em; text-wrap: balance; }

h1 { font-size: clamp(2.1rem, 5vw, 3.1rem); }

h2 { font-size: clamp(1.6rem, 3vw, 2.1rem); }

a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }

a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }

code, pre { font-family: var(--mono); font-size: 0.875em; font-variant-ligatures: none; }

code { overflow-wrap: anywhere; }

p code, li > code, dd code { white-space: nowrap; }

.skip { position: absolute; left: -100vw; }

.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 0.9rem; background: var(--card); }

.top, footer, .frame { max-width: 78rem; margin-inline: auto; padding-inline: clamp(1.1rem, 4vw, 3rem); }

.top { display: flex; align-items: baseline; justify-content: space-between; padding-block: 1.4rem 0.6rem; }

.top p { font: 500 1.45rem/1 var(--serif); color: var(--accent); }

.top a { font: 0.85rem var(--mono); }

.frame { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.6rem; }

main { display: grid; grid-template-columns: minmax(0, 1fr); gap: clamp(3rem, 6vw, 4.5rem); outline: none; }

main > section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; }

main p, main li { max-width: 44rem; }

/* Contents: a line to scroll in where it is narrow, a column that stays where it is wide. */

.contents ul { list-style: none; }

.contents a { color: var(--muted); text-decoration: none; }

.contents a:hover { color: var(--accent); text-decoration: underline; }

.contents > ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; padding-block: 0.7rem; border-block: 1px solid var(--line); font-size: 0.9rem; }

.contents ul ul { display: none; }

@media (min-width: 62rem) {
  .frame { grid-template-columns: 13rem minmax(0, 1fr); gap: 4rem; padding-top: 2.4rem; }

  .contents > ul { position: sticky; top: 2rem; display: grid; gap: 0.55rem; padding: 0.3rem 0; border: 0; max-height: calc(100vh - 4rem); overflow-y: auto; }

  .contents ul ul { display: grid; gap: 0.35rem; margin: 0.45rem 0 0.3rem; padding-left: 0.9rem; border-left: 1px solid var(--line); font-size: 0.95em; }
}

/* What this is. */

.intro { padding-top: 0.6rem; }

.lead { font-size: 1.15rem; line-height: 1.6; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem 1.6rem; padding-block: 1rem; border-block: 1px solid var(--line); }

article .facts { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; }

article .facts > div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0.2rem 1rem; align-items: baseline; }

dt { font-size: 0.8rem; color: var(--muted); }

.names code + code { margin-left: 0.6rem; }

dd .address { display: block; white-space: normal; }

.address + .address { margin: 0.2rem 0 0; }

.address { color: var(--muted); }

.address b { color: var(--ink); font-weight: 600; }

/* Getting in. */

.steps { display: grid; gap: 2.2rem; list-style: none; counter-reset: step; }

.steps > li { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.8rem; max-width: none; padding-left: 3rem; position: relative; counter-increment: step; }

.steps > li::before { content: counter(step); position: absolute; left: 0; top: -0.05rem; width: 1.95rem; height: 1.95rem; display: grid; place-content: center; border: 1px solid var(--accent); border-radius: 50%; color: var(--accent); font: 1.05rem var(--serif); }

.steps h3 { font-size: 1.1rem; }

.steps ul { padding-left: 1.2rem; display: grid; gap: 0.25rem; }

figure { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.3rem; align-content: start; }

figcaption { font-size: 0.8rem; color: var(--muted); }

pre { padding: 0.85rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--sunk); overflow-x: auto; line-height: 1.55; tab-size: 2; }

pre code { font-size: inherit; overflow-wrap: normal; }

.k { color: var(--name); }

.s { color: var(--text); }

.n { color: var(--number); }

/* Channels and dialects. */

article { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; padding: clamp(1.2rem, 3vw, 2rem); border: 1px solid var(--line); border-radius: 14px; background: var(--card); }

article + article { margin-top: 0.6rem; }

article h3 { font-size: 1.35rem; font-weight: 600; line-height: 1.3; }

article h3 code { font-size: 0.95em; }

.summary { color: var(--muted); margin-top: -0.7rem; }

.message { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.8rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }

.facts + .message { padding-top: 0; border-top: 0; }

.message h4 { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.4rem 1rem; font-size: 1.05rem; }

.directions { display: flex; gap: 0.4rem; }

.chip { padding: 0.1rem 0.6rem; border-radius: 1rem; font: 500 0.78rem/1.6 var(--sans); }

.chip.in { background: var(--in-tint); color: var(--in); }

.chip.out { background: var(--out-tint); color: var(--accent); }

.wires { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem; }

.wires figure:first-child { grid-column: 1 / -1; }

.wires pre { white-space: pre-wrap; overflow-wrap: anywhere; height: 100%; }

.wires figure { grid-template-rows: auto 1fr; }

.pair { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }

details summary { cursor: pointer; width: fit-content; color: var(--muted); font-size: 0.9rem; }

details summary:hover { color: var(--accent); }

details pre { margin-top: 0.5rem; }

/* Tables. */

table { width: 100%; border-collapse: collapse; font-size: 0.92rem; line-height: 1.5; }

th, td { padding: 0.5rem 1.2rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }

td:last-child { padding-right: 0; }

tbody tr:last-child > * { border-bottom: 0; }

thead th { padding-top: 0; color: var(--muted); font-size: 0.8rem; }

.fields th:first-child { width: 24%; }

.fields th:nth-child(2) { width: 30%; }

tbody th code { font-weight: 600; }

.optional { color: var(--muted); font-size: 0.85em; white-space: nowrap; }

table.ends th:first-child { width: 5rem; }

table.ends tbody th { font-family: var(--mono); font-weight: 600; color: var(--accent); }

table.ends td:last-child { width: 12rem; }

table.ends b { display: block; font-weight: 600; }

@media (max-width: 40rem) {
  .steps > li { padding-left: 0; }

  .steps h3 { padding-left: 2.7rem; line-height: 1.75rem; }

  article .facts > div { grid-template-columns: minmax(0, 1fr); }

  article pre { white-space: pre-wrap; overflow-wrap: anywhere; }

  table, tbody, tr, th, td { display: block; width: auto; }

  thead { position: absolute; left: -100vw; }

  tbody tr { padding-block: 0.7rem; border-bottom: 1px solid var(--line); }

  tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }

  th, td, td:last-child { padding: 0; border: 0; }

  .fields th:first-child, .fields th:nth-child(2), table.ends th:first-child, table.ends td:last-child { width: auto; }

  table.ends td:last-child { color: var(--muted); }

  table.ends td:last-child::before { content: "Come back? "; }
}

footer { margin-top: clamp(3rem, 6vw, 5rem); padding-block: 1.4rem 2.5rem; color: var(--muted); font-size: 0.88rem; }

@media print {
  :root { --paper: #fff; --card: #fff; --sunk: #fff; --ink: #000; --muted: #444; --line: #bbb; --accent: #000; --in: #000; --in-tint: #fff; --out-tint: #fff; --name: #000; --text: #000; --number: #000; color-scheme: light; }

  body { font-size: 10pt; }

  .contents, .skip, .top a { display: none; }

  .frame { display: block; }

  main { display: block; }

  main > section { margin-bottom: 2rem; }

  article { padding: 0; border: 0; }

  .chip { border: 1px solid var(--line); }

  pre { white-space: pre-wrap; overflow-wrap: anywhere; }

  tr, figure, .message { break-inside: avoid; }

  h2, h3, h4 { break-after: avoid; }
}
)css";

}  // namespace

std::string_view page_style() { return sheet; }

}  // namespace usher::asyncapi
