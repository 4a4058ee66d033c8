/**
 * The source of `/footfall.js`. It sends one beacon per page view to the API that served the script. It sets no cookie and
 * stores nothing, and a failure never disturbs the page. docs/decisions/snippet.md gives the reason for each part.
 */

/** Browser properties that TypeScript's DOM library lacks. */
interface Browser {
  document: Document & { prerendering?: boolean };
  navigator: Navigator & { globalPrivacyControl?: boolean };
}

try {
  const { document, navigator }: Browser = window;
  // In a module, currentScript is null.
  const script = document.currentScript ?? document.querySelector('script[src*="/footfall.js"]');
  const { dataset, src } = script as HTMLScriptElement;
  const beacon = new URL('visits?tag=', src).href;
  /** The last path that was counted. */
  let path = '';

  /** Counts a view, unless its path was the last one counted. */
  const countView = () => {
    try {
      if (path === location.pathname) return;
      path = location.pathname;
      const { tag = '' } = dataset;
      navigator.sendBeacon(beacon + encodeURIComponent(tag === '' ? decodePath(path) : tag));
    } catch {
      // For example, a script of the page has replaced one of these functions.
    }
  };

  /** Decodes `/a%20b` to `/a b`, the form that tags have everywhere else. */
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
      // The page returned from the back/forward cache: the script has not run again, and this is another view.
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
  // Marked by the beacon's URL: two copies of one script count once, scripts of two Footfall stacks count one view each.
  if (!(beacon in window || (optsOut && dataset.respectDnt !== undefined))) {
    Object.assign(window, { [beacon]: 1 });
    if (document.prerendering) document.addEventListener('prerenderingchange', watch, { once: true });
    else watch();
  }
} catch {
  // For example, the script element has no src.
}
