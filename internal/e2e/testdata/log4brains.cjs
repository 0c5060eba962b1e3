// Prints what log4brains makes of the records below the current folder.
const { Log4brains } = require("@log4brains/core");

async function main() {
  const log = Log4brains.create(process.cwd());
  const adrs = await log.searchAdrs();
  const shown = adrs.map((a) => ({
    slug: a.slug,
    title: a.title,
    status: a.status,
    deciders: a.deciders,
    published: a.publicationDate,
    text: a.body.enhancedMdx,
  }));
  console.log(JSON.stringify(shown));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
