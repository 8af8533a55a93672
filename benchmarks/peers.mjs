// One JavaScript engine of the rendering benchmark at work, asked and answering as engines.py does.
//
// Usage: node benchmarks/peers.mjs ENGINE TEMPLATE DATA FOLDER MODULES

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const [engine, template, data, folder, modules] = process.argv.slice(2);
const load = createRequire(join(modules, "any.js"));
const students = JSON.parse(readFileSync(data, "utf8"));

// Each returns what gives the bytes of a student's document, made as the engine's documentation has it.
const engines = {
  docxtemplater() {
    const PizZip = load("pizzip");
    const Docxtemplater = load("docxtemplater");
    const content = readFileSync(template);
    return (student) => {
      const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
      document.render(student);
      return document.toBuffer();
    };
  },
  "easy-template-x"() {
    const { TemplateHandler } = load("easy-template-x");
    const content = readFileSync(template);
    const handler = new TemplateHandler();
    return (student) => handler.process(content, student);
  },
  carbone() {
    const carbone = load("carbone");
    return (student) =>
      new Promise((done, failed) =>
        carbone.render(template, student, (error, made) => (error ? failed(error) : done(made))),
      );
  },
};

const make = engines[engine]();
for await (const line of createInterface({ input: process.stdin })) {
  const turn = JSON.parse(line);
  let made = 0;
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  while (made < turn.documents || elapsed() < turn.seconds) {
    writeFileSync(join(folder, `${made}.docx`), await make(students[made % students.length]));
    made += 1;
  }
  const answer = {
    documents: made,
    seconds: elapsed(),
    peak: process.resourceUsage().maxRSS / 1024,
    file: `${made - 1}.docx`,
    student: (made - 1) % students.length,
  };
  for (let number = 0; number < made - 1; number += 1) unlinkSync(join(folder, `${number}.docx`));
  console.log(JSON.stringify(answer));
}
