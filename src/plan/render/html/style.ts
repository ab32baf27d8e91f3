/** The look of the page: system fonts, light and dark, and on paper. */
import type { Html } from "./element.ts";
import { hues } from "./palette.ts";

/** Text has a contrast of at least 4.5 : 1 on what it stands on, in both schemes. */
const COLORS = `:root{color-scheme:light dark;--bg:#f4f6f9;--card:#fff;--sunk:#eef1f5;--ink:#18202c;--soft:#566074;--line:#d8dee8;--accent:#0a58ca;
--ok:#176f33;--warn:#875400;--bad:#b3261e;--ok-bg:#e3f4e7;--warn-bg:#fdf1d8;--bad-bg:#fde7e5;--info-bg:#e5eefb;
--kept:#5b7fb5;--came:#2f9e62;--went:#c9a24a;--free:#e3e8ef;--high:#c77d00;--full:#c5352b;
--f1:#d6e4f5;--f2:#a9c7ea;--f3:#6f9fda;--f4:#2f6cb8;--f5:#d9822b;--box-l:84%;--box-s:62%;--edge-l:56%}
@media (prefers-color-scheme:dark){:root{--bg:#0e131a;--card:#161d27;--sunk:#1d2632;--ink:#e7ecf3;--soft:#a4afc0;--line:#2c3746;--accent:#7db4ff;
--ok:#57c878;--warn:#e3b04b;--bad:#ff8a80;--ok-bg:#12301c;--warn-bg:#35290d;--bad-bg:#3b1815;--info-bg:#14273f;
--kept:#5f8ac9;--came:#3fb673;--went:#b8923c;--free:#2a3442;--high:#d9952a;--full:#e5554a;
--f1:#1f3148;--f2:#284a72;--f3:#336aa8;--f4:#5a9be6;--f5:#e0913f;--box-l:26%;--box-s:42%;--edge-l:52%}}
`;

const LAYOUT = `*{box-sizing:border-box}
html{scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1320px;margin:0 auto;padding:20px 24px 64px}
h1,h2,h3,h4,h5{line-height:1.25;margin:0 0 .5em;overflow-wrap:anywhere}
h1{font-size:1.55rem}h2{font-size:1.2rem}h3{font-size:1rem}section>*+h3,section>*+h4,.scroll+h3,.scroll+h4{margin-top:1.1em}h4,h5{font-size:.9rem}
p{margin:.35em 0}ul{margin:.4em 0;padding:0 0 0 1.2em}
a{color:var(--accent)}a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code,pre{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{overflow-wrap:anywhere}
.soft{color:var(--soft);font-weight:400}.ok{color:var(--ok)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.place{color:var(--soft);text-align:right}
.mark{font-weight:700}
.num{font-variant-numeric:tabular-nums;white-space:nowrap}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:16px 0;scroll-margin-top:56px}
article+article{margin-top:48px}
.verdict{border:1px solid var(--line);border-left:6px solid var(--ok);border-radius:10px;background:var(--ok-bg);padding:18px 20px}
.verdict.warning{border-left-color:var(--warn);background:var(--warn-bg)}.verdict.error{border-left-color:var(--bad);background:var(--bad-bg)}
.verdict .mark{color:var(--ok)}.verdict.warning .mark{color:var(--warn)}.verdict.error .mark{color:var(--bad)}
.verdict dl{display:flex;flex-wrap:wrap;gap:4px 22px;margin:.7em 0 0}.verdict dl div{display:flex;gap:6px;align-items:baseline}
.verdict dt{color:var(--soft)}.verdict dd{margin:0}
nav{position:sticky;top:0;z-index:1;background:var(--bg);border-bottom:1px solid var(--line);padding:8px 0;margin-top:8px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:0;padding:0}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
.environments{list-style:none;padding:0}.environments .error{color:var(--bad)}.environments .warning{color:var(--warn)}.environments .healthy{color:var(--ok)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;min-width:min(100%,44em);margin:.4em 0}
th,td{text-align:left;padding:5px 20px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400;overflow-wrap:anywhere}
thead th{color:var(--soft);font-size:.85em;white-space:nowrap}td .bar{min-width:150px;margin-top:7px}
details>summary{cursor:pointer}
blockquote{margin:.4em 0;padding:.3em .9em;border-left:3px solid var(--line);color:var(--soft);overflow-wrap:anywhere}
`;

const PARTS = `.findings,.changes{list-style:none;padding:0;margin:0}
.findings li{display:grid;grid-template-columns:1.6em minmax(0,1fr) auto;gap:0 8px;align-items:baseline;padding:6px 0;border-bottom:1px solid var(--line)}
.findings li:last-child,.changes>li:last-child{border-bottom:0}
.findings p{margin:0;overflow-wrap:anywhere}.findings .detail{color:var(--soft);font-size:.93em}
.findings .error>.mark{color:var(--bad)}.findings .warning>.mark{color:var(--warn)}.findings .better>.mark{color:var(--ok)}.findings .info>.mark{color:var(--accent)}
.findings .place{max-width:24em}
.changes>li{border-bottom:1px solid var(--line);padding:5px 0}
.changes .line{display:flex;gap:8px;align-items:baseline}.changes summary.line{list-style-position:inside}
.changes .mark{width:2em;flex:none;text-align:center;font-family:ui-monospace,Menlo,Consolas,monospace}.changes .object{flex:1;overflow-wrap:anywhere}
.changes .add .mark{color:var(--ok)}.changes .change .mark{color:var(--warn)}.changes .replace .mark,.changes .destroy .mark,.changes .refused .mark{color:var(--bad)}
.changes summary .object::after{content:" ▸";color:var(--soft)}.changes details[open] .object::after{content:" ▾"}
.changes pre{margin:6px 0 6px 2.5em;padding:8px 12px;background:var(--sunk);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
pre .came{color:var(--ok)}pre .went{color:var(--bad)}pre .same{color:var(--soft)}
.pending{border-left:3px solid var(--bad);padding-left:14px;margin:0 0 16px}article.pending+article.pending{margin-top:0}
.uses{display:grid;grid-template-columns:4.2em minmax(30px,1fr) auto 2.8em;gap:3px 7px;align-items:center;font-size:.85em}
.uses .num:last-child,.uses .num{text-align:right}.uses .name{color:var(--soft)}
.uses.total{max-width:760px;font-size:.95em;grid-template-columns:5em minmax(60px,1fr) auto 3em}
.bar{display:flex;height:9px;border-radius:5px;background:var(--free);overflow:hidden}.bar i{display:block;height:100%}
.kept,.bar .kept{background:var(--kept)}.came,.bar .came{background:var(--came)}.bar.high .came{background:var(--high)}.bar.full .came{background:var(--full)}.bar.full .kept{background:var(--full)}.bar.full .came{background:repeating-linear-gradient(45deg,var(--full) 0 4px,var(--high) 4px 8px)}
pre .came,pre .went{background:none}
.bar .went{background:repeating-linear-gradient(45deg,var(--went) 0 3px,transparent 3px 6px)}
.legend{display:flex;flex-wrap:wrap;gap:3px 16px;list-style:none;padding:0;font-size:.87em}.legend li{display:flex;align-items:center;gap:6px;overflow-wrap:anywhere}
.swatch{flex:none;width:14px;height:12px;border-radius:3px;display:inline-block;border:1px solid transparent}
.swatch.free{background:var(--free)}.swatch.went{background:repeating-linear-gradient(45deg,var(--went) 0 3px,transparent 3px 6px)}.swatch.added{border:2px solid var(--ink)}
.swatch.updated{background:var(--kept)}.swatch.old{background:var(--went)}.swatch.available{height:0;border:0;border-top:3px solid var(--came)}.swatch.wanted{height:0;border:0;border-top:2px dashed var(--soft)}
.groups{display:flex;flex-wrap:wrap;gap:18px 24px;margin-top:14px}.group{min-width:min(100%,290px)}
.nodes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,290px),1fr));gap:12px;list-style:none;padding:0;margin:8px 0}
.node{border:1px solid var(--line);border-radius:8px;padding:10px 12px;background:var(--bg);min-width:0}
.node.new{border:2px solid var(--came)}.node.gone{opacity:.75;border-style:dashed}.node.closed{background:repeating-linear-gradient(135deg,var(--bg) 0 10px,var(--sunk) 10px 20px)}
.badge{font-weight:400;font-size:.85em;color:var(--warn);background:var(--warn-bg);border-radius:4px;padding:0 5px;overflow-wrap:anywhere}
.deck{display:flex;flex-wrap:wrap;gap:3px;margin-top:9px;min-height:30px}.deck.empty{color:var(--soft);font-size:.85em;align-items:center}
.box{flex:0 1 auto;min-width:18px;max-width:100%;height:28px;line-height:26px;padding:0 4px;font-size:.75em;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;border-radius:4px;border:1px solid;color:var(--ink)}
.box.named{min-width:max-content}
.box.added{border:2px solid var(--ink);line-height:24px;font-weight:600}
.heat{display:flex;flex-wrap:wrap;gap:2px;margin-top:8px}.heat i{width:13px;height:13px;border-radius:2px}
.f0{background:transparent;box-shadow:inset 0 0 0 1px var(--line)}.f1{background:var(--f1)}.f2{background:var(--f2)}.f3{background:var(--f3)}.f4{background:var(--f4)}.f5{background:var(--f5)}
.heat .new{outline:2px solid var(--came)}.heat .gone{opacity:.35}.heat .closed{background-image:linear-gradient(45deg,transparent 44%,var(--ink) 44% 56%,transparent 56%)}
.rollouts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,520px),1fr));gap:16px}
figure{margin:0;min-width:0}figure.waits,figure.paused{border-left:3px solid var(--warn);padding-left:12px}figcaption{overflow-wrap:anywhere}
.plain{list-style:none;padding:0}.gantt{width:100%;max-width:900px;height:auto;display:block;margin:.5em 0}.gantt text{font:11px system-ui,sans-serif;fill:var(--ink)}.gantt .done{fill:var(--came)}.gantt .failed{fill:var(--full)}.gantt .open{fill:var(--high)}.gantt .axis{stroke:var(--line);fill:none}
.chart{width:100%;height:auto;max-width:760px;display:block}.chart text{font:11px system-ui,sans-serif;fill:var(--soft)}
.chart .old{fill:var(--went);opacity:.55}.chart .updated{fill:var(--kept);opacity:.75}.chart .available{fill:none;stroke:var(--came);stroke-width:3}.chart .wanted{stroke:var(--soft);stroke-dasharray:5 4;fill:none}.chart .axis{stroke:var(--line);fill:none}
@media (max-width:700px){main{padding:12px 10px 48px}section{overflow-x:auto}table{min-width:44em}.gantt,.chart{min-width:620px}nav{position:static}.findings li{grid-template-columns:1.6em minmax(0,1fr)}.findings .place{grid-column:2;text-align:left}.changes .line{flex-wrap:wrap}}
@media print{nav{display:none}body{background:#fff}section{break-inside:avoid-page}}
`;

export function styleSheet(): Html {
  const box = (color: string): string =>
    `.${color}{background:hsl(var(--h) var(--box-s) var(--box-l));border-color:hsl(var(--h) 48% var(--edge-l))}`;
  const workloads = hues().map((h, i) => `.w${i}{--h:${h}}`);
  const all = hues().map((_, i) => `.w${i}`);
  return {
    html: `${COLORS}${LAYOUT}${PARTS}${workloads.join("")}\n${box(all.join(",").slice(1))}\n.wx{background:var(--sunk);border-color:var(--soft)}\n.box.added,.swatch.added{border-color:var(--ink)}\n`,
  };
}
