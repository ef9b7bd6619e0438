// Says what an order comes to while it is being filled in.
"use strict";

const form = document.getElementById("order");

function showTotal() {
  const choice = form.elements.coffee.selectedOptions[0]?.textContent ?? "";
  const price = Number(choice.match(/\(([\d.]+)\)$/)?.[1]);
  form.querySelector("output").textContent = price ? `comes to ${(price * form.elements.cups.value).toFixed(2)}` : "";
}

form?.addEventListener("input", showTotal);
