import { colourVariables } from './chart-theme.ts'

/** The page's style sheet: system fonts, one column, light and dark, paper in light. */
export const STYLE = `
:root{${colourVariables('light')};--good:#0a6b48;--bad:#b3261e;--shade:#f6f7f9;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${colourVariables('dark')};--good:#5fd3a5;--bad:#ff8a80;--shade:#1d2126;color-scheme:dark}}
:root[data-theme=dark]{${colourVariables('dark')};--good:#5fd3a5;--bad:#ff8a80;--shade:#1d2126;color-scheme:dark}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:61rem;margin:0 auto;padding:3rem 1.25rem 4rem}
header+article{margin-top:4rem}
article+article{margin-top:5rem;padding-top:3rem;border-top:2px solid var(--line)}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.015em;margin:.2rem 0 1rem;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;margin:3rem 0 .5rem;letter-spacing:-.005em}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
p{margin:.5rem 0 1rem;max-width:44rem;overflow-wrap:anywhere}
.kicker,.facts{color:var(--quiet);font-size:.875rem;margin:0}
.lede{font-size:1.25rem;line-height:1.45;margin:0 0 1rem}
.notice{border-left:4px solid var(--series-2);padding:.5rem 1rem;background:var(--shade)}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.875rem;padding-bottom:.4rem}
th,td{padding:.45rem .55rem .45rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--quiet);font-weight:500;font-size:.8125rem;vertical-align:bottom;min-width:4.2rem}
tbody th{font-weight:500;min-width:4rem;max-width:15rem;overflow-wrap:anywhere}
tbody th.group{font-weight:650;padding-top:1.1rem;max-width:none}
td{white-space:nowrap}
td.wide{white-space:normal;min-width:10rem;overflow-wrap:anywhere}
.number{text-align:right}
small{color:var(--quiet);font-size:.8125rem}
td small{display:block}
td.note small{white-space:normal;min-width:7.5rem}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
figure{margin:1rem 0 0}
figure .scroll{margin:.25rem 0 0}
figure svg{display:block;max-width:100%;height:auto;min-width:36rem;font-family:inherit}
details{margin:.5rem 0;font-size:.9rem}
summary{cursor:pointer;color:var(--quiet);width:fit-content}
summary:hover{color:var(--ink)}
code,pre{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere;white-space:normal}
pre{background:var(--shade);border-radius:6px;padding:.8rem 1rem;overflow-x:auto;margin:.5rem 0}
dl{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:.35rem 1.5rem;font-size:.9rem;margin:1rem 0}
dt{font-weight:500}dd{margin:0;max-width:40rem;overflow-wrap:anywhere}
footer{margin-top:4rem;color:var(--quiet);font-size:.8125rem;border-top:1px solid var(--line);padding-top:1rem}
#theme{position:absolute;top:1rem;right:1rem;font:inherit;font-size:.8125rem;color:var(--quiet);background:none;border:1px solid var(--line);border-radius:6px;padding:.25rem .7rem;cursor:pointer}
#theme:hover{color:var(--ink)}
a{color:inherit}
:focus-visible{outline:2px solid var(--series-1);outline-offset:2px}
@media (max-width:40rem){main{padding-top:3.5rem}h1{font-size:1.6rem}.lede{font-size:1.1rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}}
@media print{
:root,:root[data-theme],:root:not([data-theme=light]){${colourVariables('light')};--good:#0a6b48;--bad:#b3261e;--shade:#f6f7f9;color-scheme:light}
body{font-size:10.5pt}main{max-width:none;padding:0}#theme{display:none}
h1{font-size:20pt}h2{break-after:avoid;margin-top:1.6rem}
figure,tr,.lede{break-inside:avoid}figure{break-before:avoid}tbody tr:first-child{break-after:avoid}
table,td small{font-size:7.5pt}thead th{font-size:7.5pt;min-width:0}th,td{padding-right:.5rem}tbody th{min-width:3rem}td.note small{min-width:0}
details.numbers::details-content{content-visibility:visible;height:auto;opacity:1}
.scroll{overflow:visible}figure svg{min-width:0;width:100%;max-width:17cm}
header+article{margin-top:4rem}
article+article{break-before:page;border:0;margin:0;padding:0}
pre{white-space:pre-wrap}
@page{margin:18mm 16mm}
}
`
  .trim()
  .replaceAll('\n', '')

/** Lets a reader choose light or dark; without scripts the page follows the system. */
export const THEME_SCRIPT = `
(function(){
var root=document.documentElement,button=document.getElementById('theme');
var dark=function(){return root.dataset.theme?root.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches};
var show=function(){button.textContent=dark()?'Light':'Dark'};
button.hidden=false;show();
button.addEventListener('click',function(){root.dataset.theme=dark()?'light':'dark';show()});
})();`
  .trim()
  .replaceAll('\n', '')
