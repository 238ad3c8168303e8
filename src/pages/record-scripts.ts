/**
 * Forms of records. A button with `data-live` changes one field: the script sends the values of that field alone,
 * and puts the field of the answer in place of the one on the page. Rows of a list in order can be dragged. The
 * form works without the script: each button then sends the whole form.
 */
export const FORM_SCRIPT = `
const form = document.querySelector("[data-record-form]");
let searching;
let changed = false;

async function change(field, action) {
  const name = field.dataset.field;
  const sent = new URLSearchParams();
  for (const [key, value] of new FormData(form)) {
    if (key === name || key.startsWith(name + ".") || key.startsWith("form_") || key === "session") sent.append(key, value);
  }
  sent.set("form_do", action);
  const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = page.querySelector('[data-field="' + name + '"]');
  if (!answer.ok || shown === null) throw new Error("no such field");
  return shown;
}

function replace(field, shown) {
  const at = document.activeElement;
  const typing = at !== null && field.contains(at) && at.matches("[data-find]") ? at : null;
  if (typing !== null) {
    // The box stays, so that nothing that is typed meanwhile is lost. What was found is new.
    const box = shown.querySelector(".finder");
    const old = field.querySelector(".finder");
    for (const part of [...old.children].slice(1)) part.remove();
    old.append(...[...box.children].slice(1));
    return;
  }
  const focus = shown.querySelector("[autofocus]");
  field.replaceWith(shown);
  shown.querySelector(".said")?.replaceChildren(shown.querySelector(".said").textContent);
  (focus ?? shown).focus();
}

form?.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-live]");
  if (button === null) return;
  event.preventDefault();
  const field = button.closest("[data-field]");
  try {
    field.setAttribute("aria-busy", "true");
    button.focus();
    replace(field, await change(field, button.value));
    changed = true;
  } catch {
    // The browser sends the whole form, and shows what is wrong.
    form.requestSubmit(without(button));
  }
});

function without(button) {
  delete button.dataset.live;
  return button;
}

form?.addEventListener("input", (event) => {
  changed = true;
  const box = event.target.closest("[data-find]");
  if (box === null) return;
  clearTimeout(searching);
  searching = setTimeout(async () => {
    const field = box.closest("[data-field]");
    try { replace(field, await change(field, box.dataset.find)); } catch { /* the button still finds */ }
  }, 250);
});

form?.addEventListener("keydown", (event) => {
  const box = event.target.closest("[data-enter]");
  if (box !== null && event.key === "Enter" && box.value.trim() !== "") {
    event.preventDefault();
    box.parentElement.querySelector("button").click();
  }
  const row = event.target.closest("[data-order] > li");
  if (row === null || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const way = event.key === "ArrowUp" ? "up" : "down";
  row.querySelector('button[value*=".' + way + '."]')?.click();
});

let dragged = null;
form?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-order] > li");
  if (dragged === null) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("dragged");
});
form?.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-order] > li");
  if (dragged === null || over === null || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  over.parentElement.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
});
form?.addEventListener("drop", (event) => { if (dragged !== null) event.preventDefault(); });
form?.addEventListener("dragend", async () => {
  if (dragged === null) return;
  dragged.classList.remove("dragged");
  const field = dragged.closest("[data-field]");
  dragged = null;
  changed = true;
  // The answer has the buttons for the new order.
  try { replace(field, await change(field, field.dataset.field + ".search")); } catch { /* the order is kept */ }
});

form?.addEventListener("submit", () => { changed = false; });
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
document.querySelector(".flash.error")?.scrollIntoView({ block: "nearest" });
`;

/** Pages of records: a button with \`data-copies\` copies the text of the element with that id. */
export const RECORD_SCRIPT = `
for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
`;

/** The import of sessions: a bar shows how much of the file is sent. The page works without the script. */
export const IMPORT_SCRIPT = `
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-import]");
  if (form === null) return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  const bar = form.querySelector("progress");
  const said = form.querySelector(".said");
  bar.hidden = false;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.responseType = "document";
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.max = total;
    bar.value = loaded;
    said.textContent = "Sent " + Math.round((100 * loaded) / total) + " %";
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    said.textContent = event.submitter?.dataset.busy ?? "Reading";
  });
  request.addEventListener("load", () => {
    document.title = request.response.title;
    document.querySelector("main").replaceWith(request.response.querySelector("main"));
    const heading = document.querySelector("main h1");
    heading.tabIndex = -1;
    heading.focus();
    scrollTo(0, 0);
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    said.textContent = "The service was not reached. Nothing was written: try again.";
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
  request.send(sent);
});
`;
