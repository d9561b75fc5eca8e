// Tells what html-validate finds in pages: its rules of the standard, and of documents as they are published.
import { HtmlValidate } from "html-validate";

const task = JSON.parse(await new Response(process.stdin).text());
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard", "html-validate:document", "html-validate:a11y"],
  // What comes from the same origin needs no hash: whoever could change it could change the page.
  rules: { "require-sri": ["error", { target: "crossorigin" }] },
});
const found = {};
for (const [name, path] of Object.entries(task.files)) {
  const report = await validator.validateFile(path);
  const messages = report.results.flatMap((result) => result.messages);
  if (messages.length) found[name] = messages.slice(0, 5).map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`);
}
process.stdout.write(JSON.stringify(found));
