#include "core/report/page_frame_p.h"

namespace jitscope::report {

// Everything works without it but sorting, filtering and opening all at once.
std::string_view pageScript()
{
    return R"script(
"use strict";
const keyOf = (row, column) => {
  const cell = row.cells[column];
  const key = cell.dataset.key;
  return key === undefined ? cell.textContent.toLowerCase() : Number(key);
};
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      const descending = before === null ? isNumber : before === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = Array.from(body.rows).map(row => [keyOf(row, column), row]);
      rows.sort((a, b) => descending ? compare(b[0], a[0]) : compare(a[0], b[0]));
      body.append(...rows.map(entry => entry[1]));
    });
  });
}
for (const table of document.querySelectorAll("table.filterable")) {
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = "Filter";
  input.setAttribute("aria-label", "Filter: " + table.caption.textContent);
  table.parentElement.before(input);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of table.tBodies[0].rows)
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
for (const tree of document.querySelectorAll(".tree")) {
  const bar = document.createElement("p");
  bar.className = "buttons";
  for (const [name, open] of [["Open all", true], ["Close all", false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      for (const part of tree.querySelectorAll("details")) part.open = open;
    });
    bar.append(button, " ");
  }
  tree.before(bar);
}
let closed = [];
addEventListener("beforeprint", () => {
  closed = Array.from(document.querySelectorAll("details:not([open])"));
  for (const part of closed) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of closed) part.open = false;
});
const reveal = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement)
    if (part.tagName === "DETAILS") part.open = true;
  if (target) target.scrollIntoView();
};
addEventListener("hashchange", reveal);
reveal();
)script";
}

std::string_view pageScriptHash()
{
    return "VwmzsL86/UfLtosMzuE9NPPiyayzDzilrM22HPjum7Q=";
}

} // namespace jitscope::report
