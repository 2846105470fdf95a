/**
 * What makes the page quicker to use: a search, buttons that copy, the place one is at, and a form that asks this very gateway. The page says
 * everything without it. It is part of the page, which allows this script by its hash and no other.
 */
(() => {
  const COPIED_MS = 1_500;
  const NOTHING_FOUND = 'Nothing is called that.';

  /** @param children strings and elements */
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  commandsAskThisHost();
  copyButtons();
  search();
  whereOneIs();
  forms();

  function commandsAskThisHost() {
    for (const pre of document.querySelectorAll('pre.curl'))
      pre.textContent = pre.textContent.replace(/http:\/\/127\.0\.0\.1:3000/, location.origin);
  }

  function copyButtons() {
    for (const figure of document.querySelectorAll('figure')) {
      const what = figure.querySelector('figcaption').textContent.trim();
      const button = element('button', { type: 'button', ariaLabel: `Copy: ${what}` }, 'Copy');
      button.addEventListener('click', async () => {
        button.textContent = (await copy(figure.querySelector('pre'))) ? 'Copied' : 'Press Ctrl+C';
        setTimeout(() => (button.textContent = 'Copy'), COPIED_MS);
      });
      figure.querySelector('figcaption').append(button);
    }
  }

  /** Browsers let a page write to the clipboard only where it is safe from others; elsewhere the text is selected. */
  async function copy(pre) {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(pre);
      return false;
    }
  }

  /** Leaves what has all of the words: in the navigation, and of the operations and schemas. */
  function search() {
    const input = element('input', {
      type: 'search',
      placeholder: 'Search  /',
      ariaLabel: 'Search operations and schemas',
    });
    const told = element('p', { className: 'muted', role: 'status' });
    document.querySelector('nav .brand').after(input, told);
    const articles = [...document.querySelectorAll('article')].map((article) => ({
      article,
      text: article.dataset.search.toLowerCase(),
      link: document.querySelector(`nav a[href="#${article.id}"]`)?.closest('li'),
    }));
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const { article, text, link } of articles) {
        article.hidden = !words.every((word) => text.includes(word));
        if (link) link.hidden = article.hidden;
        if (!article.hidden) found += 1;
      }
      for (const section of document.querySelectorAll('main section[id]')) section.hidden = isEmpty(section, 'article');
      for (const group of document.querySelectorAll('nav .groups > div')) group.hidden = isEmpty(group, 'li');
      document.querySelector('nav .groups').classList.toggle('searching', words.length > 0);
      told.textContent = found === 0 ? NOTHING_FOUND : words.length > 0 ? `${found} found` : '';
    };
    input.addEventListener('input', show);
    // Who follows a link to what the search has left out wants to see it.
    addEventListener('hashchange', () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target?.closest('[hidden]')) return;
      input.value = '';
      show();
      target.scrollIntoView();
    });
    addEventListener('keydown', (event) => {
      const typing = event.target.matches('input, textarea') || event.ctrlKey || event.metaKey || event.altKey;
      if (event.key === 'Escape' && event.target === input) {
        input.value = '';
        show();
      } else if (event.key === '/' && !typing) {
        event.preventDefault();
        input.focus();
      }
    });
  }

  const isEmpty = (around, name) => {
    const parts = [...around.querySelectorAll(name)];
    return parts.length > 0 && parts.every((one) => one.hidden);
  };

  function whereOneIs() {
    const nav = document.querySelector('nav');
    const links = new Map([...document.querySelectorAll('nav li a')].map((link) => [link.hash.slice(1), link]));
    const seen = new IntersectionObserver(
      (entries) => {
        const entry = entries.find(({ isIntersecting }) => isIntersecting);
        if (!entry || !links.has(entry.target.id)) return;
        for (const link of links.values()) link.removeAttribute('aria-current');
        const link = links.get(entry.target.id);
        link.setAttribute('aria-current', 'true');
        // Not by scrollIntoView, which ends the page's own way to where a link leads.
        const { top, bottom } = link.getBoundingClientRect();
        if (top < 0 || bottom > innerHeight) nav.scrollTop += top - innerHeight / 2;
      },
      { rootMargin: '-10% 0px -80% 0px' },
    );
    for (const article of document.querySelectorAll('article')) seen.observe(article);
  }

  /** What reads, and what places an order, can be tried here. The fields are those of the document. */
  function forms() {
    let described;
    for (const article of document.querySelectorAll('article[data-try]')) {
      const open = element('button', { type: 'button' }, 'Try it');
      article.querySelector('figcaption').append(open);
      open.addEventListener('click', async () => {
        described ??= await (await fetch('/openapi.json')).json();
        open.remove();
        article.querySelector('.samples').prepend(formFor(described, article));
        article.querySelector('.try input, .try textarea, .try button')?.focus();
      });
    }
  }

  function formFor(document_, article) {
    const { path, method } = article.dataset;
    const operation = document_.paths[path][method.toLowerCase()];
    const parameters = operation.parameters.filter(({ name }) => name && name !== 'If-None-Match');
    const fields = parameters.map(({ name, in: place, required, schema }) => {
      const input = element('input', { name, required, placeholder: schema.default ?? schema.enum?.join(', ') ?? '' });
      if (name === 'Idempotency-Key') input.value = `docs-${Date.now().toString(36)}`;
      if (name === 'sku') input.value = 'mug-blue';
      return { name, place, input };
    });
    if (operation.security) {
      const input = element('input', {
        type: 'password',
        autocomplete: 'off',
        placeholder: 'where the gateway is given one',
      });
      fields.push({ name: 'Authorization', place: 'token', input });
    }
    const body =
      operation.requestBody && element('textarea', { spellcheck: false, value: exampleBody(document_, operation) });
    const answer = element('pre', { tabIndex: 0, hidden: true, role: 'status' });
    const form = element(
      'form',
      { className: 'try' },
      ...fields.map(({ name, input }) => element('label', {}, element('code', {}, name), input)),
      ...(body ? [element('label', {}, element('code', {}, 'body'), body)] : []),
      element('button', { className: 'send' }, `Send ${method}`),
    );
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      answer.hidden = false;
      answer.textContent = '…';
      answer.textContent = await ask(path, method, fields, body?.value).catch((error) => String(error));
    });
    const title = element('figcaption', {}, element('span', {}, `Try it: this asks ${location.host}`));
    return element('figure', {}, title, form, answer);
  }

  const exampleBody = ({ components }, { requestBody }) => {
    const name = requestBody.content['application/json'].schema.$ref.split('/').at(-1);
    return JSON.stringify(components.schemas[name].examples?.[0] ?? {}, null, 2);
  };

  /** @returns the answer as text */
  async function ask(path, method, fields, body) {
    const given = fields.map(({ name, place, input }) => ({ name, place, value: input.value.trim() }));
    const of = (wanted) => given.filter(({ place, value }) => place === wanted && value !== '');
    const filled = of('path').reduce((at, { name, value }) => at.replace(`{${name}}`, encodeURIComponent(value)), path);
    const query = new URLSearchParams(of('query').map(({ name, value }) => [name, value])).toString();
    const headers = new Headers(of('header').map(({ name, value }) => [name, value]));
    for (const { value } of of('token')) headers.set('Authorization', `Bearer ${value}`);
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    const answer = await fetch(query ? `${filled}?${query}` : filled, { method, headers, body });
    const text = await answer.text();
    const shown = [...answer.headers].filter(([name]) =>
      /^(etag|location|retry-after|x-request-id|idempotency)/.test(name),
    );
    const lines = [`HTTP ${answer.status} ${answer.statusText}`, ...shown.map(([name, value]) => `${name}: ${value}`)];
    return `${lines.join('\n')}\n\n${pretty(text)}`;
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
})();
