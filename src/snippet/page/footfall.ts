/**
 * What `/footfall.js` does in a page: one beacon a page view, to where the script came from. It sets no cookie, stores
 * nothing, and whatever fails leaves the page as it is. docs/decisions/snippet.md says why each part is here.
 */

/** What browsers know and TypeScript's library does not yet. */
interface Browser {
  document: Document & { prerendering?: boolean };
  navigator: Navigator & { globalPrivacyControl?: boolean };
}

try {
  const { document, navigator }: Browser = window;
  // A module has no currentScript.
  const script = document.currentScript ?? document.querySelector('script[src*="/footfall.js"]');
  const { dataset, src } = script as HTMLScriptElement;
  const beacon = new URL('visits?tag=', src).href;
  /** The path that was counted last. */
  let path = '';

  /** Counts a view, unless the page is the one that was counted last. */
  const countView = () => {
    try {
      if (path === location.pathname) return;
      path = location.pathname;
      const { tag = '' } = dataset;
      navigator.sendBeacon(beacon + encodeURIComponent(tag === '' ? decodePath(path) : tag));
    } catch {
      // Such as a script of the page's that has replaced one of these.
    }
  };

  /** As tags are written elsewhere: `/a b`, where the address says `/a%20b`. */
  const decodePath = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const watch = () => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (navigation?.type === 'reload' && dataset.countReloads === undefined) path = location.pathname;
    countView();
    addEventListener('popstate', countView);
    addEventListener('pageshow', ({ persisted }) => {
      // Back from the browser's cache of pages: nothing of the script ran again, and it is another view.
      if (persisted) path = '';
      countView();
    });
    for (const name of ['pushState', 'replaceState'] as const) {
      const change = history[name].bind(history);
      history[name] = (...state) => {
        change(...state);
        countView();
      };
    }
  };

  const optsOut = navigator.doNotTrack === '1' || navigator.globalPrivacyControl;
  // Under the beacon's address, so that two of these scripts count once and two doors each.
  if (!(beacon in window || (optsOut && dataset.respectDnt !== undefined))) {
    Object.assign(window, { [beacon]: 1 });
    if (document.prerendering) document.addEventListener('prerenderingchange', watch, { once: true });
    else watch();
  }
} catch {
  // Such as a script element that has no address.
}
