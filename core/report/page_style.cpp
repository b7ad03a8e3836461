#include "core/picture/svg.h"
#include "core/report/page_frame_p.h"

#include <fmt/format.h>

namespace jitscope::report {

namespace {

constexpr std::string_view lightColours =
    "--page:#f2f3f5;--panel:#ffffff;--raised:#f7f8fa;--text:#1d2229;--dim:#59626d;"
    "--line:#d5d9de;--accent:#1b5fab;--bar:#2f66ad;--good:#2c6e2f;--goodbg:#e3f1e2;"
    "--warn:#7a4b00;--warnbg:#fbeed3;--bad:#9c2531;--badbg:#fbe3e4;";
constexpr std::string_view darkColours =
    "--page:#1c1e22;--panel:#25282d;--raised:#2b2f35;--text:#e3e6ea;--dim:#a2abb5;"
    "--line:#3b4047;--accent:#7cb8f7;--bar:#4a82c8;--good:#8fd48f;--goodbg:#21361f;"
    "--warn:#f0c674;--warnbg:#3d3218;--bad:#f29aa2;--badbg:#432126;";

constexpr std::string_view rules = R"css(
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--panel);padding:6px 12px;z-index:2}
.layout{display:grid;grid-template-columns:190px minmax(0,1fr);gap:32px;max-width:1320px;margin:0 auto;padding:0 24px}
nav{position:sticky;top:0;align-self:start;padding:28px 0;max-height:100vh;overflow:auto}
nav ol{list-style:none;margin:0;padding:0}
nav a{display:block;padding:5px 10px;border-radius:6px;text-decoration:none;color:var(--text)}
nav a:hover{background:var(--raised);color:var(--accent)}
nav .brand{padding:0 10px 12px;font-weight:600;color:var(--dim)}
main{padding:28px 0 48px;min-width:0}
h1{margin:0;font-size:28px;line-height:1.25;overflow-wrap:anywhere}
.lead{margin:6px 0 0;color:var(--dim)}
h2{margin:0 0 14px;font-size:19px}
h2 small,h3 small{font-weight:400;color:var(--dim);font-size:14px;margin-left:6px}
h3{margin:22px 0 8px;font-size:16px;overflow-wrap:anywhere}
section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin-top:22px}
code,.code{font-family:ui-monospace,'DejaVu Sans Mono',Consolas,monospace;font-size:13px;overflow-wrap:anywhere}
.badge{display:inline-block;border-radius:999px;padding:2px 12px;font-size:13px;font-weight:600;vertical-align:middle}
.good{background:var(--goodbg);color:var(--good)}
.warn{background:var(--warnbg);color:var(--warn)}
.bad{background:var(--badbg);color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin:0 0 18px;padding:0}
.tiles div{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.tiles dt{color:var(--dim);font-size:13px}
.tiles dd{margin:0;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:5px 18px;margin:0}
.facts dt{color:var(--dim)}
.facts dd{margin:0;overflow-wrap:anywhere}
.findings{list-style:none;margin:0;padding:0}
.findings li{border-left:4px solid var(--line);background:var(--raised);border-radius:0 8px 8px 0;padding:10px 14px;margin:0 0 10px}
.findings li.error{border-color:var(--bad)}
.findings li.warning{border-color:var(--warn)}
.findings p{margin:0}
.findings .remedy{color:var(--dim)}
.note{color:var(--dim);margin:10px 0}
.scroll{overflow:auto;max-height:70vh;border:1px solid var(--line);border-radius:8px}
table{border-collapse:collapse;width:100%;font-size:14px}
caption{position:absolute;left:-9999px}
th,td{padding:6px 12px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tbody tr:last-child td{border-bottom:0}
td.code{overflow-wrap:break-word}
td:first-child{white-space:nowrap}
tbody tr:hover{background:var(--raised)}
th{position:sticky;top:0;background:var(--raised);font-weight:600;white-space:nowrap}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid var(--accent)}
th[aria-sort=ascending] button::after{content:" \2191"}
th[aria-sort=descending] button::after{content:" \2193"}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th.number{text-align:right}
.chip{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px}
.bar{display:inline-block;width:64px;height:8px;border-radius:4px;background:var(--line);margin-right:8px;overflow:hidden;vertical-align:middle}
.bar span{display:block;height:100%;background:var(--bar)}
input[type=search]{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:5px 10px;margin:0 0 10px;min-width:220px}
.buttons button{font:inherit;color:inherit;background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:3px 12px;cursor:pointer}
.tree{font-size:14px}
.tree ul{list-style:none;margin:0;padding-left:20px;border-left:1px solid var(--line)}
.tree>ul{padding-left:0;border:0}
.tree summary,.tree .leaf{display:flex;gap:10px;align-items:baseline;padding:2px 6px;border-radius:5px}
.tree .leaf{padding-left:22px}
.tree summary{cursor:pointer;list-style:none}
.tree summary::-webkit-details-marker{display:none}
.tree summary::before{content:"\25B8";color:var(--dim);width:6px;flex:none}
.tree details[open]>summary::before{content:"\25BE"}
.tree summary:hover,.tree .leaf:hover{background:var(--raised)}
.tree .name{font-weight:600}
.tree .class{color:var(--accent)}
.tree .facts-of{margin-left:auto;color:var(--dim);white-space:nowrap;font-variant-numeric:tabular-nums}
.tree .place{color:var(--dim)}
figure{margin:18px 0 0}
figure>details>summary{cursor:pointer;font-weight:600}
figcaption{color:var(--dim);margin:2px 0 8px;overflow-wrap:anywhere}
.picture{background:var(--picture);overflow:auto;max-height:80vh;border:1px solid var(--line);border-radius:8px;text-align:center;resize:vertical}
svg.graph{display:inline-block;vertical-align:top}
svg.graph a:focus-visible rect,svg.graph a:hover .m{fill-opacity:.45}
.chart{display:flex;align-items:flex-end;gap:1px;height:72px;margin:10px 0 4px;border-bottom:1px solid var(--line)}
.chart span{flex:1 1 0;min-width:1px;background:var(--bar);border-radius:2px 2px 0 0}
footer{color:var(--dim);font-size:13px;margin-top:24px}
@media(max-width:900px){.layout{display:block;padding:0 14px}nav{position:static;padding:16px 0 0;max-height:none}nav ol{display:flex;flex-wrap:wrap}section{padding:16px 14px}}
@media print{body{background:#fff;font-size:11pt}.layout{display:block;max-width:none;padding:0}nav,.buttons,input,.skip{display:none}section{border:0;padding:0;margin-top:20pt}.scroll,.picture{max-height:none;overflow:visible;border:0}svg.graph{max-width:100%;height:auto;max-height:240mm}figure,tr,.findings li{break-inside:avoid}th{position:static}a{color:inherit}}
)css";

std::string coloursOf(bool isDark)
{
    const picture::Palette palette = isDark ? picture::darkPalette() : picture::lightPalette();
    return fmt::format(":root{{color-scheme:{};{}--picture:#{:06x}}}\n{}",
                       isDark ? "dark" : "light", isDark ? darkColours : lightColours,
                       palette.background, picture::svgRules(palette, "svg.graph "));
}

std::string chips(bool isDark)
{
    std::string text;
    for (int i = 0; i < scene::operatorClassCount; ++i)
        text += fmt::format(".chip{}{{background:#{:06x}}}\n", i,
                            picture::classColour(static_cast<scene::OperatorClass>(i), isDark));
    return text;
}

} // namespace

std::string pageStyle()
{
    return fmt::format("{}{}@media screen and (prefers-color-scheme:dark){{\n{}{}}}\n{}",
                       coloursOf(false), chips(false), coloursOf(true), chips(true), rules);
}

} // namespace jitscope::report
