// The forms of pages, as a browser would send them.

/** What a form of a page would send: its hidden and typed values, by the names of its parameters. */
export function valuesOf(text: string): URLSearchParams {
  const form = /<form[^>]*data-record-form[\s\S]*?<\/form>/.exec(text)?.[0] ?? "";
  const values = new URLSearchParams();
  for (const [tag, name] of form.matchAll(
    /<(?:input|textarea|select)[^>]*? name="([^"]+)"[^>]*>/g,
  )) {
    if (tag === undefined || name === undefined) continue;
    const at = form.indexOf(tag);
    if (tag.startsWith("<textarea")) {
      values.append(
        name,
        unescaped(form.slice(at + tag.length, form.indexOf("</textarea>", at)).replace(/^\n/, "")),
      );
    } else if (tag.startsWith("<select")) {
      const inside = form.slice(at, form.indexOf("</select>", at));
      values.append(name, unescaped(/<option value="([^"]*)" selected/.exec(inside)?.[1] ?? ""));
    } else if (!/type="checkbox"/.test(tag) || /checked/.test(tag)) {
      values.append(name, unescaped(/ value="([^"]*)"/.exec(tag)?.[1] ?? ""));
    }
  }
  return values;
}

const unescaped = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** The hidden values of the first form in the content of a page. */
export function hiddenOf(text: string): URLSearchParams {
  const content = text.slice(text.indexOf("<main"));
  const form = content.slice(content.indexOf("<form"), content.indexOf("</form>"));
  return new URLSearchParams(
    [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, unescaped(value)],
    ),
  );
}
