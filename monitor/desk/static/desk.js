// The desk works without this file. It adds keys, keeps the place in a queue after a decision, and
// shows the article of the chosen card beside it. Everything it knows stands in the page's markup.
"use strict";

const typing = (element) => element.closest?.("input:not([type=checkbox]), select, textarea");
const cards = () => [...document.querySelectorAll(".list [data-card]")];
const chosen = () => document.querySelector(".card.chosen") || document.querySelector(".act .card");

function choose(card) {
  if (!card) return;
  document.querySelector(".card.chosen")?.classList.remove("chosen");
  card.classList.add("chosen");
  card.scrollIntoView({ block: "nearest" });
  card.querySelector("[data-open]")?.focus({ preventScroll: true });
  read(card);
}

function step(by) {
  const all = cards();
  const at = all.indexOf(chosen());
  choose(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

async function read(card) {
  const pane = document.getElementById("pane");
  if (!pane || getComputedStyle(pane).display === "none") return;
  const answer = await fetch(`/flags/${card.dataset.card}`);
  if (!answer.ok || !card.classList.contains("chosen")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  pane.replaceChildren(...page.getElementById("reading").childNodes);
  pane.scrollTop = 0;
}

// Posts a form as the browser would, and puts the page it leads to in the place of this one.
async function post(form, button) {
  const at = cards().indexOf(form.closest("[data-card]"));
  const fields = new URLSearchParams(new FormData(form, button));
  const target = button?.getAttribute("formaction") || form.getAttribute("action");
  const answer = await fetch(target, { method: "POST", body: fields });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.getElementById("main").replaceWith(page.getElementById("main"));
  if (answer.redirected) history.replaceState(null, "", answer.url);
  const all = cards();
  if (all.length) choose(all[Math.min(all.length - 1, Math.max(0, at))]);
  else document.getElementById("main").focus();
}

function act(key) {
  const scope = document.querySelector(".act") || chosen();
  const found = scope?.querySelector(`[data-key="${CSS.escape(key)}"]`)
    || document.querySelector(`.notice [data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.matches("details")) {
    found.open = true;
    found.querySelector("select, input:not([type=hidden]), textarea")?.focus();
  } else {
    found.click();
  }
  return true;
}

function count() {
  const say = document.querySelector("[data-bulk]");
  if (!say) return;
  const number = document.querySelectorAll("input[form=bulk]:checked").length;
  say.dataset.words ??= say.textContent;
  say.textContent = `${say.dataset.words} ${number}`;
  if (number) say.parentElement.open = true;
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => chosen()?.querySelector("[data-open]")?.click(),
  x: () => chosen()?.querySelector("input[form=bulk]")?.click(),
  "/": () => document.getElementById("find")?.focus(),
  "?": () => location.assign("/help"),
};

// On a Cyrillic keyboard the key where c is says с: then the place counts, not the letter.
const latin = ({ key, code }) => (/^[ -~]$/.test(key) ? key : code.replace("Key", "").toLowerCase());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = latin(event);
  const done = KEYS[key] ? (KEYS[key](), true) : act(key);
  if (done) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("main") || form.method !== "post" || form.closest(".door")) return;
  event.preventDefault();
  post(form, event.submitter).catch(() => form.submit());
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[form=bulk]")) count();
  if (event.target.matches("input[type=range]")) event.target.form.requestSubmit();
});
