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

// The browser words its own button in its own language: ours stands over it, the field itself keeps the keyboard.
for (const input of document.querySelectorAll("input[type=file][data-choose]")) {
  const picker = document.createElement("div");
  const button = document.createElement("span");
  const name = document.createElement("span");
  picker.className = "picker";
  picker.setAttribute("aria-hidden", "true");
  button.className = "button quiet";
  button.textContent = input.dataset.choose;
  const tell = () => { name.textContent = input.files[0]?.name ?? input.dataset.none; };
  picker.append(button, name);
  picker.addEventListener("click", () => input.click());
  picker.addEventListener("dragover", (event) => event.preventDefault());
  picker.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  input.classList.add("over-picker");
  input.after(picker);
  input.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  tell();
}

// Shapes of a map listen for focus, which would make each of them a stop of the keyboard.
for (const map of document.querySelectorAll(".leaflet-container")) {
  const pass = () => map.querySelectorAll("path:not([tabindex])").forEach((path) => path.setAttribute("tabindex", "-1"));
  new MutationObserver(pass).observe(map, { childList: true, subtree: true });
  pass();
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

// Paper cannot be unfolded: what is folded is printed open, and folded again afterwards.
const unfolded = [];
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open]):not(.fold)")) {
    fold.open = true;
    unfolded.push(fold);
  }
});
addEventListener("afterprint", () => unfolded.splice(0).forEach((fold) => { fold.open = false; }));

// A refused form is read first.
document.getElementById("refusal")?.focus();
