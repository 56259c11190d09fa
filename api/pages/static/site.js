// What makes the forms kinder. Everything works without it.
"use strict";

// A file above the limit is told before it is sent, not after.
for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  input.addEventListener("change", () => {
    const file = input.files[0];
    input.setCustomValidity(file && file.size > Number(input.dataset.most) ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}

// One press is one submission, and the button says that work is going on.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    button.dataset.idle = button.textContent;
    button.textContent = form.dataset.busy;
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { button.disabled = true; });
  });
}
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("form[data-busy] button[type=submit][disabled]")) {
    button.disabled = false;
    button.textContent = button.dataset.idle;
  }
});

// A refused form is read first.
document.getElementById("refusal")?.focus();

// On a small screen the list of map layers would cover the map: it starts folded and folds again at a touch of the map.
if (matchMedia("(max-width: 640px)").matches) {
  const fold = () => document.querySelectorAll(".leaflet-control-layers-expanded").forEach(
    (list) => list.classList.remove("leaflet-control-layers-expanded"));
  addEventListener("load", fold);
  document.querySelector(".leaflet-container")?.addEventListener("click", (event) => {
    if (!event.target.closest(".leaflet-control-layers")) fold();
  });
}
