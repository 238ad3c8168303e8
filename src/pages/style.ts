/**
 * The stylesheet of all pages. Colours are custom properties with a set for the light and one for the dark;
 * every text has a contrast of at least 4.5 to 1 on its ground.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --surface: #ffffff;
  --ink: #18212f;
  --quiet: #566173;
  --line: #dbe0e8;
  --accent: #0b6e70;
  --accent-ink: #ffffff;
  --accent-soft: #e2f1f0;
  --danger: #b3261e;
  --danger-soft: #fdeceb;
  --danger-line: #f0b8b4;
  --note-soft: #eef3fb;
  --note-line: #bed1ee;
  --shadow: 0 1px 2px rgb(24 33 47 / 6%), 0 6px 24px rgb(24 33 47 / 5%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151d;
    --surface: #181f2a;
    --ink: #e8ecf2;
    --quiet: #a3aebf;
    --line: #2d3748;
    --accent: #5cc8c3;
    --accent-ink: #06211f;
    --accent-soft: #14322f;
    --danger: #ff9d94;
    --danger-soft: #351a19;
    --danger-line: #6d302c;
    --note-soft: #17263c;
    --note-line: #2f4a72;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 1.6rem; letter-spacing: -0.015em; }
h2 { font-size: 1.1rem; }
h3 { font-size: 1rem; }
p, ul, ol, dl, pre { margin: 0; }
a { color: var(--accent); text-underline-offset: 0.18em; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
code { font-size: 0.92em; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }

.skip {
  position: absolute;
  left: 1rem;
  top: -4rem;
  padding: 0.6rem 1rem;
  background: var(--accent);
  color: var(--accent-ink);
  border-radius: 0 0 8px 8px;
  z-index: 1;
}
.skip:focus { top: 0; }

.top { background: var(--surface); border-bottom: 1px solid var(--line); }
.top-inner, main, footer { width: 100%; max-width: 62rem; margin: 0 auto; padding-left: 1.25rem; padding-right: 1.25rem; }
.top-inner { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.5rem; min-height: 3.75rem; padding-top: 0.4rem; padding-bottom: 0.4rem; }
.brand { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 650; color: var(--ink); text-decoration: none; letter-spacing: -0.01em; padding: 0.3rem 0; }
.brand img { display: block; width: 1.75rem; height: 1.75rem; }
.top nav ul { display: flex; flex-wrap: wrap; list-style: none; padding: 0; gap: 0 1.25rem; }
.top nav a { display: inline-block; padding: 0.5rem 0; color: var(--quiet); text-decoration: none; }
.top nav a:hover, .top nav a[aria-current] { color: var(--ink); }
.top nav a[aria-current] { box-shadow: inset 0 -2px 0 var(--accent); }
.who { display: flex; align-items: center; flex-wrap: wrap; gap: 0.25rem 0.9rem; margin-left: auto; color: var(--quiet); }
.who-name { color: var(--ink); font-weight: 550; overflow-wrap: anywhere; }

main { flex: 1; padding-top: 2.25rem; padding-bottom: 3rem; display: flex; flex-direction: column; gap: 1.5rem; }
main.narrow { max-width: 34rem; }
main > header { display: flex; flex-direction: column; gap: 0.4rem; }
footer { padding-top: 1.25rem; padding-bottom: 1.5rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.9rem; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
footer a { color: inherit; }
.lead { color: var(--quiet); max-width: 42rem; }

.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 1.4rem; box-shadow: var(--shadow); display: flex; flex-direction: column; gap: 1rem; }
.card > h2 { display: flex; align-items: baseline; gap: 0.5rem; }
.stack { display: flex; flex-direction: column; gap: 0.5rem; }
.stack.wide-gap { gap: 1.5rem; }
.columns { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); align-items: start; }

.flash { border: 1px solid var(--note-line); background: var(--note-soft); border-radius: 10px; padding: 0.8rem 1rem; }
.flash.error { border-color: var(--danger-line); background: var(--danger-soft); }
.flash strong { display: block; }

.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.45rem 1.25rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 22rem) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 0.6rem; }
  .facts dd:last-child { margin-bottom: 0; }
}

.rows { list-style: none; padding: 0; }
.rows > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; padding: 0.85rem 0; border-top: 1px solid var(--line); }
.rows > li:first-child { border-top: 0; padding-top: 0; }
.rows > li:last-child { padding-bottom: 0; }
.row-main { flex: 1 1 14rem; min-width: 0; }
.row-name { font-weight: 600; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: 0.93rem; }
.empty { color: var(--quiet); }
.pill { display: inline-block; font-size: 0.82rem; line-height: 1.4; padding: 0.1rem 0.6rem; border-radius: 99px; background: var(--accent-soft); color: var(--ink); white-space: nowrap; }

form { margin: 0; }
label { font-weight: 550; }
.field { display: flex; flex-direction: column; gap: 0.35rem; }
.hint { color: var(--quiet); font-size: 0.93rem; font-weight: 400; }
input[type="text"] { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 8px; padding: 0.6rem 0.75rem; width: 100%; min-height: 2.75rem; }
input.code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 1.35rem; letter-spacing: 0.12em; text-transform: uppercase; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; }
button, .button { font: inherit; font-weight: 600; cursor: pointer; border-radius: 8px; min-height: 2.75rem; padding: 0.5rem 1.15rem; border: 1px solid var(--accent); background: var(--accent); color: var(--accent-ink); text-decoration: none; display: inline-flex; align-items: center; justify-content: center; }
button:hover, .button:hover { filter: brightness(1.08); }
button.plain, .button.plain { background: transparent; color: var(--ink); border-color: var(--line); font-weight: 550; }
button.plain:hover, .button.plain:hover { border-color: var(--quiet); filter: none; }
button.danger { background: transparent; color: var(--danger); border-color: var(--danger-line); font-weight: 550; }
button.danger:hover { background: var(--danger-soft); filter: none; }
button.text { background: none; border: 0; min-height: 0; padding: 0.5rem 0; color: var(--quiet); font-weight: 400; text-decoration: underline; text-underline-offset: 0.18em; }
button.text:hover { color: var(--ink); filter: none; }
.actions.wide > * { flex: 1 1 9rem; }
.actions.wide button { width: 100%; }

.secret { display: block; padding: 0.9rem 1rem; border-radius: 8px; background: var(--ground); border: 1px dashed var(--quiet); overflow-wrap: anywhere; font-size: 0.95rem; user-select: all; -webkit-user-select: all; }
pre { padding: 0.9rem 1rem; border-radius: 8px; background: var(--ground); border: 1px solid var(--line); overflow-x: auto; font-size: 0.9rem; line-height: 1.5; }
pre code { font-size: inherit; overflow-wrap: normal; }

@media (max-width: 40rem) {
  main { padding-top: 1.5rem; }
  .top-inner { gap: 0 1.25rem; }
  .top nav { order: 1; width: 100%; }
  .who-name { max-width: 9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .card { padding: 1.1rem; }
  h1 { font-size: 1.4rem; }
}
@media (prefers-reduced-motion: no-preference) {
  button, .button { transition: filter 120ms, border-color 120ms, background-color 120ms; }
}
@media print {
  :root { --ground: #fff; --surface: #fff; --ink: #000; --quiet: #333; --line: #bbb; --shadow: none; }
  .top nav, .who form, footer, .skip, form { display: none; }
  .top, .card { border-color: #bbb; }
  .card { break-inside: avoid; }
  main { padding: 1rem 0; max-width: none; }
}
/* Home, lists, and code to copy. */
main.wide, body:has(> main.wide) :is(.top-inner, footer) { max-width: 82rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.hero { padding: 1.5rem 0 0.5rem; }
main > header.hero { gap: 1rem; }
.hero h1 { font-size: 2.1rem; }
.hero .lead { font-size: 1.08rem; }

input[type="search"], input[type="date"], input[type="number"], select { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--quiet); border-radius: 8px; padding: 0.55rem 0.75rem; width: 100%; min-height: 2.75rem; }
.search { display: flex; gap: 0.6rem; max-width: 42rem; }
.search input { flex: 1; min-width: 0; }

.lists { margin: -0.75rem 0 -0.25rem; display: flex; flex-wrap: wrap; align-items: start; gap: 0.35rem; position: relative; }
.lists ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.35rem; }
.lists :is(a, summary) { display: inline-block; padding: 0.3rem 0.8rem; border-radius: 99px; color: var(--quiet); text-decoration: none; font-size: 0.93rem; cursor: pointer; }
.lists :is(a, summary):hover { color: var(--ink); background: var(--surface); }
.lists a[aria-current] { color: var(--ink); background: var(--accent-soft); font-weight: 550; }
.lists summary::after { content: " ▾"; }
.lists details[open] { flex-basis: 100%; }
.all-lists { display: grid; gap: 1rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); margin-top: 0.5rem; padding: 1.1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
.all-lists h2 { font-size: 0.93rem; padding: 0 0.8rem 0.3rem; }
.all-lists ul { flex-direction: column; gap: 0; }
.all-lists a:hover { background: var(--ground); }

main > header.list-head { display: flex; flex-direction: row; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 1rem 2rem; }
.list-form { display: flex; flex-direction: column; gap: 0.75rem; }
.more > summary { cursor: pointer; width: fit-content; padding: 0.4rem 0; color: var(--accent); }
.more-body { display: flex; flex-direction: column; gap: 1.1rem; margin-top: 0.5rem; padding: 1.2rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
.more-body :is(input, select) { background: var(--ground); }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { font-weight: 650; padding: 0; margin-bottom: 0.5rem; }
.controls { display: grid; gap: 0.8rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); }
.controls > legend { grid-column: 1 / -1; }
.controls label { font-size: 0.93rem; }
.choices { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
.choice { display: inline-flex; align-items: center; gap: 0.45rem; font-weight: 400; min-height: 2rem; }
.choice input { width: 1.05rem; height: 1.05rem; accent-color: var(--accent); }

.found { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.25rem; min-height: 2.2rem; }
#count:empty { display: none; }
.chips { list-style: none; padding: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.6rem; }
.chip { display: inline-flex; gap: 0.5rem; align-items: center; padding: 0.25rem 0.75rem; border-radius: 99px; background: var(--accent-soft); color: var(--ink); text-decoration: none; font-size: 0.93rem; max-width: 100%; overflow-wrap: anywhere; }
.chip:hover { box-shadow: inset 0 0 0 1px var(--accent); }
#results[aria-busy="true"] .records { opacity: 0.55; }

.records { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); font-size: 0.95rem; }
.records th, .records td { text-align: left; vertical-align: top; padding: 0.65rem 0.9rem; border-top: 1px solid var(--line); }
.records tbody th, .breaks { overflow-wrap: anywhere; }
.breaks { display: inline-block; min-width: min(9rem, 100%); }
.records thead th { border-top: 0; font-size: 0.88rem; font-weight: 600; color: var(--quiet); white-space: nowrap; }
.records tbody th { font-weight: 600; min-width: 11rem; }
.records tbody tr:hover > * { background: color-mix(in srgb, var(--accent-soft) 35%, transparent); }
.records time { white-space: nowrap; }
.records a, .rows.compact a { text-decoration: none; }
.records a:hover, .rows.compact a:hover { text-decoration: underline; }
.sorts { color: inherit; text-decoration: none; display: inline-flex; gap: 0.35rem; }
.sorts:hover { color: var(--ink); }
[aria-sort] .sorts { color: var(--ink); }
.arrow { opacity: 0.45; }
[aria-sort] .arrow { opacity: 1; color: var(--accent); }
.related, .pills { display: flex; flex-wrap: wrap; gap: 0.2rem 0.6rem; }
a.pill { text-decoration: none; }
a.pill:hover { box-shadow: inset 0 0 0 1px var(--accent); }
.pill { max-width: 100%; white-space: normal; overflow-wrap: anywhere; }
.nothing { color: var(--quiet); }
.pager { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 1rem; }
.pager > :first-child { justify-self: start; }
.pager > :last-child { justify-self: end; }
.empty-list { align-items: center; text-align: center; padding: 2.5rem 1.4rem; gap: 0.5rem; }
.columns > * { min-width: 0; }
.rows.compact > li { padding: 0.6rem 0; }
@media (min-width: 60rem) { .columns.wide-left { grid-template-columns: 2fr 1fr; } }

.code-tabs { display: flex; flex-direction: column; gap: 0.35rem; }
.code-tabs summary { cursor: pointer; font-weight: 550; padding: 0.25rem 0; width: fit-content; }
.code { position: relative; }
.code pre { white-space: pre; }
button.copy { display: none; position: absolute; top: 0.5rem; right: 0.5rem; min-height: 2rem; padding: 0.2rem 0.7rem; font-size: 0.85rem; background: var(--surface); }
.scripted button.copy { display: inline-flex; }
.scripted .code pre { padding-right: 6rem; }

@media (max-width: 47.9rem) {
  .hero h1 { font-size: 1.7rem; }
  .records, .records tbody, .records tbody tr, .records tbody th, .records tbody td { display: block; }
  .records thead { display: none; }
  .records { background: none; border: 0; box-shadow: none; }
  .records tbody { display: flex; flex-direction: column; gap: 0.75rem; }
  .records tbody tr { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 0.5rem 0; }
  .records tbody th { border: 0; padding: 0.4rem 1rem 0.2rem; }
  .records tbody td { border: 0; padding: 0.15rem 1rem; display: grid; grid-template-columns: 7.5rem 1fr; gap: 0.75rem; }
  .records tbody td::before { content: attr(data-label); color: var(--quiet); }
  .records tbody td > .pill { justify-self: start; }
  .records tbody td:has(> .nothing) { display: none; }
  .scripted .code pre { padding-right: 0.9rem; }
  button.copy { position: static; margin-top: 0.5rem; }
}
@media print {
  .lists, .list-head .actions, .list-form, .pager, .code-tabs, [data-download], .columns.wide-left { display: none; }
  .records { border: 0; font-size: 9pt; }
}

/* --- Web API view --- */
h1.request { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.7rem; font-size: 1.25rem; letter-spacing: 0; }
h1.request .pill { font-size: 0.9rem; }
details > summary { cursor: pointer; color: var(--ink); }
details > summary > h2 { display: inline; }
details.card:not([open]) { gap: 0; }
.pill.failed { background: var(--danger-soft); color: var(--danger); }
pre.headers { font-size: 0.82rem; color: var(--quiet); white-space: pre-wrap; overflow-wrap: anywhere; }
pre.json { max-height: 75vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; }
pre.json b { font-weight: 600; color: var(--ink); }
pre.json i { font-style: normal; color: var(--ink); }
pre.json code { color: var(--quiet); }
pre.headers code, pre.json code { overflow-wrap: anywhere; }
details > .stack { padding-top: 1rem; }
pre.json a { color: var(--accent); }
.query-form fieldset { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-direction: column; gap: 0.6rem; }
.query-form legend { font-weight: 550; padding: 0; margin-bottom: 0.6rem; }
.query-form select, .query-form input[type="number"] { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 8px; padding: 0.6rem 0.5rem; min-height: 2.75rem; width: 100%; min-width: 0; }
.query-row { display: grid; grid-template-columns: 2fr 5.5rem 1.6fr 3fr; gap: 0.5rem; }
.query-sort { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 0.5rem; }
.query-choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 0.15rem 1rem; padding-top: 0.6rem; }
.query-choices label { display: flex; align-items: center; gap: 0.5rem; min-height: 2.25rem; font-weight: 400; overflow-wrap: anywhere; }
.query-choices input { width: 1.15rem; height: 1.15rem; accent-color: var(--accent); flex: none; }
.field.short { max-width: 12rem; }
@media (max-width: 40rem) {
  .query-row { grid-template-columns: 5.5rem 1fr; padding-bottom: 0.9rem; }
  .query-row > :first-child, .query-row > :last-child { grid-column: 1 / -1; }
}
.swagger-ui .info .title pre { margin: 0; padding: 0; border: 0; background: none; }
@media print {
  pre.json { max-height: none; }
}

/* --- A project --- */
.project-head { display: flex; flex-direction: row; flex-wrap: wrap; justify-content: space-between; align-items: flex-start; gap: 1rem; }
main > header.project-head { flex-direction: row; }
.project-head .pill { font-weight: 400; }
.prose { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 46rem; }
.plot { overflow-x: auto; }
.plot svg { display: block; }
.plot line { stroke: var(--line); stroke-width: 1; }
.plot text { fill: var(--quiet); font-size: 12px; }
.plot rect { fill: var(--accent); }
.plot a:hover rect { fill: var(--ink); }
.plot-ways { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 1.5rem; }
.plot-ways nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; }
.plot-ways a[aria-current], .plot-ways span[aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
.lane { font-weight: 550; overflow-wrap: anywhere; }
.table-frame { overflow-x: auto; margin-top: 0.75rem; max-height: 24rem; overflow-y: auto; }
table.numbers { border-collapse: collapse; font-size: 0.93rem; }
table.numbers th, table.numbers td { text-align: right; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; font-variant-numeric: tabular-nums; }
table.numbers th:first-child { text-align: left; }
table.numbers thead th { color: var(--quiet); overflow-wrap: anywhere; }
.member-form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
@media (min-width: 40rem) { .member-form { flex-wrap: nowrap; } .member-form select { width: auto; min-width: 9rem; } }
.member-form select, .add-member select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 8px; padding: 0.5rem; min-height: 2.75rem; max-width: 100%; }
.add-member { gap: 1rem; }
.add-member select { width: 100%; }
.changes del { color: var(--quiet); }
.changes ins { text-decoration: none; font-weight: 550; }

/* Records: one record, its form, two versions of it. */
.record-head { flex-direction: row; flex-wrap: wrap; align-items: flex-end; justify-content: space-between; gap: 0.75rem 1.5rem; }
.record-head h1 { overflow-wrap: anywhere; }
.button.danger-link { color: var(--danger); border-color: var(--danger-line); }
.columns.wide-first { grid-template-columns: minmax(0, 1fr); }
@media (min-width: 56rem) { .columns.wide-first { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
.prose { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 45rem; }
.pills { display: flex; flex-wrap: wrap; gap: 0.35rem; list-style: none; padding: 0; }
.pills .pill { white-space: normal; overflow-wrap: anywhere; }
.plain-list { list-style: none; padding: 0; display: flex; flex-direction: column; gap: 0.3rem; overflow-wrap: anywhere; }
.facts.pairs, .facts.changes { grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); }
@media (max-width: 40rem) { .facts.pairs { grid-template-columns: 1fr; gap: 0; } .facts.pairs dd { margin-bottom: 0.6rem; } }
.facts dd > pre { max-height: 24rem; overflow: auto; }
.stack.tight { gap: 0.15rem; }
ol.rows { list-style: none; }
.path { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.75rem; }
.path code { flex: 0 1 auto; padding: 0.3rem 0.55rem; border-radius: 6px; background: var(--ground); border: 1px solid var(--line); }
button.small { min-height: 2rem; padding: 0.2rem 0.7rem; font-size: 0.9rem; }
.neighbours { list-style: none; padding: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; overflow-wrap: anywhere; }
.neighbours li + li { text-align: right; }
.timeline, .scroll { overflow-x: auto; }
.timeline svg { display: block; width: 100%; min-width: 34rem; height: auto; }
.timeline text { font: 600 14px system-ui, sans-serif; fill: var(--ink); }
.timeline .tick { font-weight: 400; fill: var(--quiet); }
.timeline .axis { stroke: var(--line); stroke-width: 1; }
.bar rect { fill: var(--accent-soft); stroke: var(--accent); }
.bar-1 rect { fill: var(--note-soft); stroke: var(--note-line); }
.bar-2 rect { fill: var(--ground); stroke: var(--quiet); }
.bar-3 rect { fill: var(--accent-soft); stroke: var(--quiet); }
.scroll table { border-collapse: collapse; width: 100%; }
.scroll th, .scroll td { text-align: left; vertical-align: top; padding: 0.5rem 0.9rem 0.5rem 0; border-top: 1px solid var(--line); }
.scroll thead th { border-top: 0; color: var(--quiet); font-weight: 400; font-size: 0.93rem; white-space: nowrap; }
.scroll tbody th { font-weight: 600; }
td.prose { min-width: 10rem; }
.history summary { cursor: pointer; overflow-wrap: anywhere; }
.history > li { display: block; }
.changes { margin-top: 0.6rem; }
.changes del { color: var(--danger); }
.changes ins { color: var(--accent); text-decoration: none; font-weight: 550; }
.changes del, .changes ins { overflow-wrap: anywhere; white-space: pre-wrap; }

.record-form { gap: 1.75rem; }
.record-form legend { font-weight: 550; margin-bottom: 0.35rem; }
.field > .hint { max-width: 45rem; }
.required { color: var(--quiet); font-weight: 400; font-size: 0.85rem; }
.field.faulty { border-left: 3px solid var(--danger); padding-left: 0.9rem; }
.field-errors { list-style: none; padding: 0; color: var(--danger); font-weight: 550; overflow-wrap: anywhere; }
.summary { padding-left: 1.2rem; overflow-wrap: anywhere; }
.field textarea, .field select, .field input[type="datetime-local"] { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 8px; padding: 0.6rem 0.75rem; width: 100%; min-height: 2.75rem; }
textarea { resize: vertical; field-sizing: content; max-height: 30rem; }
textarea[rows="6"] { min-height: 9rem; }
textarea.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.92rem; }
[aria-invalid="true"] { border-color: var(--danger); }
.with-unit { display: flex; align-items: center; gap: 0.6rem; max-width: 22rem; }
.check { display: flex; align-items: center; gap: 0.6rem; }
.check input, .version label input { width: 1.2rem; height: 1.2rem; accent-color: var(--accent); }
.chosen { list-style: none; padding: 0; display: flex; flex-direction: column; gap: 0.4rem; }
.chosen-row { display: flex; align-items: center; gap: 0.4rem; border: 1px solid var(--line); border-radius: 8px; padding: 0.2rem 0.3rem 0.2rem 0.75rem; background: var(--ground); }
.chosen-row[draggable="true"] { cursor: grab; }
.chosen-row.dragged { opacity: 0.5; }
.chosen-name { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.chosen-name.mono { font-size: 0.9rem; }
.grip { color: var(--quiet); }
.chosen.chips { flex-direction: row; flex-wrap: wrap; }
.chosen.chips .chosen-row { border-radius: 99px; padding: 0 0.15rem 0 0.8rem; background: var(--accent-soft); max-width: 100%; }
button.icon { min-height: 2.25rem; min-width: 2.25rem; padding: 0; background: transparent; color: var(--ink); border-color: transparent; font-weight: 400; }
button.icon:hover { border-color: var(--quiet); filter: none; }
button:disabled { opacity: 0.35; cursor: default; }
.chosen + .finder { margin-top: 0.5rem; }
.finder { display: flex; flex-direction: column; gap: 0.5rem; }
.finder-box { display: flex; gap: 0.5rem; max-width: 32rem; }
.offers { display: flex; flex-wrap: wrap; gap: 0.4rem; list-style: none; padding: 0; }
button.offer { min-height: 2.25rem; padding: 0.2rem 0.8rem; font-weight: 400; background: transparent; color: var(--ink); border: 1px dashed var(--quiet); border-radius: 99px; overflow-wrap: anywhere; text-align: left; }
button.offer::before { content: "+"; margin-right: 0.4rem; color: var(--accent); font-weight: 600; }
.input-rows { list-style: none; padding: 0; display: flex; flex-direction: column; gap: 0.5rem; }
.input-row { display: grid; gap: 0.5rem; align-items: start; }
.said { color: var(--quiet); font-size: 0.93rem; }
.said:empty { display: none; }
.form-end { border-top: 1px solid var(--line); padding-top: 1.25rem; }
@media (min-width: 40rem) {
  .key-value { grid-template-columns: 12rem minmax(0, 1fr) 10rem; }
  .link-row { grid-template-columns: 12rem minmax(0, 1fr); }
  .member-row { grid-template-columns: minmax(0, 1fr) 12rem; }
}
.versions legend { font-size: 1.1rem; font-weight: 650; float: left; }
.versions > .columns { clear: both; }
.version { border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem; display: flex; flex-direction: column; gap: 0.6rem; }
.version:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
.version label { display: flex; align-items: center; gap: 0.5rem; }
.version-value { overflow-wrap: anywhere; }
.typed dt { color: var(--quiet); font-size: 0.93rem; }
.typed dd { margin: 0 0 0.6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.preview td, .preview thead th { min-width: 8rem; max-width: 20rem; overflow-wrap: anywhere; padding-right: 0.9rem; }
.preview td.faulty { min-width: 16rem; background: var(--danger-soft); padding-left: 0.5rem; }
.preview .field-errors { font-size: 0.9rem; }
progress { width: 100%; accent-color: var(--accent); }
input[type="file"] { font: inherit; max-width: 100%; }
.object-row { display: flex; flex-wrap: wrap; align-items: center; }
.object-row > :is(input, select) { flex: 1 1 8rem; width: auto; min-width: 0; }
.object-row > input[type="text"] + input[type="text"] { flex: 3 1 12rem; }
.row-buttons { display: flex; flex: none; margin-left: auto; }
.row-rest { flex: 1 1 100%; order: 1; overflow-wrap: anywhere; }
.objects td { overflow-wrap: anywhere; min-width: 4.5rem; }
@media (max-width: 40rem) { .facts dt:has(+ dd > :is(.scroll, .pairs)), .facts dd:has(> :is(.scroll, .pairs)) { grid-column: 1 / -1; } }

/* Rows with actions, such as the entries of a log. */
.row-head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.75rem; }
.card > .records { box-shadow: none; }
.records .row-actions { text-align: right; white-space: nowrap; }
.records thead td { border-top: 0; }
.row-actions a + a { margin-left: 1rem; }
@media (max-width: 47.9rem) {
  .records tbody .row-actions { display: flex; gap: 1.5rem; padding-top: 0.4rem; }
  .records tbody .row-actions::before { display: none; }
  .card > .records time { white-space: normal; }
  .card > .records tbody td { grid-template-columns: 5rem minmax(0, 1fr); }
  .card > .records tbody td:has(.related) { display: block; }
  .card > .records tbody td:has(.related)::before { display: none; }
  .row-actions a { padding: 0.5rem 0; margin: 0; }
}
.chosen-between { padding: 0.5rem 0.75rem; color: var(--quiet); }
button.offer.chosen-offer { border-style: solid; }
button.offer.chosen-offer::before { content: "×"; color: var(--danger); }
.plain-list.many { display: block; columns: 18rem; }
.plain-list.many > li { break-inside: avoid; margin-bottom: 0.3rem; }
@media (max-width: 39.9rem) {
  .key-value { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
  .key-value > select { grid-column: 1 / -1; }
  .key-value:not(:last-child) { border-bottom: 1px solid var(--line); padding-bottom: 0.75rem; margin-bottom: 0.25rem; }
}
`;
