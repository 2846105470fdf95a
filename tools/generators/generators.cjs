/** Nx loads generators with `require`; the generators are ES modules. */
const load =
  (name) =>
  async (...given) =>
    (await import(`./${name}/${name}.mjs`)).default(...given);

module.exports = { service: load('service'), saga: load('saga'), message: load('message') };
