// The page works without this script; with it, answers appear in place.
"use strict";

const base = document.body.dataset.base;
const verdict = document.getElementById("verdict");

async function showWorker() {
  const response = await fetch(`${base}/worker`, { cache: "no-store" });
  const facts = await response.json();
  const body = document.querySelector("#worker tbody");
  body.replaceChildren(...Object.keys(facts).sort().map((name) => {
    const row = document.createElement("tr");
    row.append(cell("th", name), cell("td", facts[name]));
    return row;
  }));
  return facts;
}

function cell(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

async function killWorker(event) {
  event.preventDefault();
  const response = await fetch(`${base}/kill`, { method: "POST", headers: { Accept: "application/json" } });
  const facts = await showWorker();
  verdict.textContent = `The worker died and its request got a ${response.status}. `
    + `This answer is from slot ${facts.slot}, pid ${facts.pid}, up for ${facts["up for"]}.`;
}

async function showStream(event) {
  event.preventDefault();
  const target = document.getElementById("stream");
  target.textContent = "";
  const response = await fetch(`${base}/stream`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    target.textContent += piece.value;
    target.scrollTop = target.scrollHeight;
  }
}

document.getElementById("ask").addEventListener("click", showWorker);
document.getElementById("kill").addEventListener("submit", killWorker);
document.getElementById("start").addEventListener("click", showStream);
