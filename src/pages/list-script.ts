/**
 * Search as you type, and the progress of a download. The script asks for the same pages and files as the form
 * and the links do without it.
 */
export const LIST_SCRIPT = `
(() => {
  const form = document.getElementById("list-form");
  const announcement = document.getElementById("announcement");
  if (form === null) return;

  const addressOfForm = () => {
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) {
      if (value.trim() !== "") address.searchParams.append(name, value.trim());
    }
    return address;
  };

  let request = new AbortController();
  let timer;

  const show = async () => {
    request.abort();
    request = new AbortController();
    const results = document.getElementById("results");
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(addressOfForm(), {
        headers: { Accept: "text/html" },
        signal: request.signal,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("results");
      // The sign-in has expired, or the service does not answer: the form shows that as a page of its own.
      if (found === null) return form.submit();
      results.replaceWith(found);
      history.replaceState(null, "", answer.url);
      announcement.textContent = found.querySelector("#count").dataset.count;
    } catch (error) {
      if (error.name === "AbortError") return;
      results.removeAttribute("aria-busy");
      announcement.textContent = "The list could not be updated. Try again.";
    }
  };

  const search = form.querySelector("input[type=search]");
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.target === search) {
      const length = [...search.value.trim()].length;
      const isTooShort = search.name === "search" && length > 0 && length < 3;
      if (!isTooShort) timer = setTimeout(show, 250);
    } else {
      timer = setTimeout(show, 400);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });

  // A new line ends a record, but inside the quotes of a table it belongs to a text.
  const countRecords = (state, bytes, isTable) => {
    for (const byte of bytes) {
      if (byte === 34) state.isQuoted = isTable && !state.isQuoted;
      else if (byte === 10 && !state.isQuoted) state.lines += 1;
    }
  };

  const download = async (link) => {
    const progress = link.closest("section").querySelector("[data-progress]");
    const say = (text) => {
      progress.hidden = false;
      progress.textContent = text;
    };
    say("Starting…");
    const answer = await fetch(link.href);
    const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition")) ?? [];
    if (!answer.ok || name === undefined) {
      location.assign(link.href);
      return;
    }
    const total = answer.headers.get("X-Total-Results");
    const isTable = !answer.headers.get("Content-Type").startsWith("application/json");
    // The lines before the first record and after the last one.
    const state = { isQuoted: false, lines: isTable ? -1 : -2 };
    const figure = () => Math.min(Math.max(state.lines, 0), Number(total ?? Infinity));
    const parts = [];
    let told = 0;
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      countRecords(state, value, isTable);
      if (Date.now() - told > 200) {
        told = Date.now();
        const percent = Math.floor((100 * figure()) / Math.max(Number(total), 1));
        const of = total === null ? "" : " of " + Number(total).toLocaleString("en");
        say(figure().toLocaleString("en") + of + " records" + (total === null ? "" : " (" + percent + " %)"));
      }
    }
    const file = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") }));
    const anchor = document.createElement("a");
    anchor.href = file;
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
    say("Done: " + figure().toLocaleString("en") + " records in " + name + ".");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-download]");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    download(link).catch(() => {
      const progress = link.closest("section").querySelector("[data-progress]");
      progress.hidden = false;
      progress.textContent = "The download broke off, and nothing was saved. Try again.";
    });
  });
})();
`;
