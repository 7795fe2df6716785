namespace SignalCam.Reporting;

/// <summary>Style and script of <see cref="CamPage"/>.</summary>
internal static class CamPageParts
{
    public const string Css = """
        body{max-width:1800px;padding-top:1.2rem}
        .tools{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;
        padding:.6rem 0;background:var(--page)}
        .tools button{min-width:2.6rem;min-height:2.4rem;padding:.2rem .8rem;font:inherit;color:var(--ink);background:var(--card);
        border:1px solid var(--muted);border-radius:6px;cursor:pointer}
        .tools [role=toolbar]{display:flex;gap:.4rem}
        .tools fieldset{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:0;padding:.1rem .8rem .3rem;
        border:1px solid var(--rule);border-radius:6px}
        .tools legend{font-size:.8rem;color:var(--muted)}
        .tools output{flex:1 1 22rem;min-height:1.6em;font-variant-numeric:tabular-nums}
        .legend{width:26rem;max-width:100%;background:#fff;border-radius:6px}
        .sheets{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,36rem),1fr))}
        .sheets figcaption{font-weight:600;color:#1a1a1a;max-width:none;padding:0 .3rem .4rem}
        .scroll{overflow-x:auto}
        figure svg.sheet{width:100%;cursor:crosshair;touch-action:pan-x pan-y}
        figure svg.sheet.zoomed{touch-action:none}
        :focus-visible{outline:3px solid #0072b2;outline-offset:2px}
        figure[hidden]{display:none}
        @media (max-width:640px){body{padding:.8rem .6rem 3rem}h1{font-size:1.3rem}figure{padding:.3rem}
        figure svg.sheet{min-width:40rem;max-width:none}}
        @media print{.tools [role=toolbar],.tools fieldset,.tools output,details{display:none}.sheets{display:block}.tools{position:static}}

        """;

    public const string Script = """

        (() => {
          'use strict';
          const data = JSON.parse(document.getElementById('data').textContent);
          const sheets = [...document.querySelectorAll('svg.sheet')];
          const readout = document.getElementById('readout');
          const narrowest = data.perSecond;
          const step = data.perSecond / data.rate;
          const decimals = Math.max(2, Math.ceil(Math.log10(data.rate)));
          const view = { x: 0, y: 0, width: data.width, height: data.height };
          const cursor = { lane: 0, sample: 0 };
          const pointers = new Map();
          const between = (value, low, high) => Math.min(Math.max(value, low), high);

          function look() {
            view.width = between(view.width, narrowest, data.width);
            view.height = view.width * data.height / data.width;
            view.x = between(view.x, 0, data.width - view.width);
            view.y = between(view.y, 0, data.height - view.height);
            for (const sheet of sheets) {
              sheet.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
              sheet.classList.toggle('zoomed', view.width < data.width);
            }
          }

          function zoom(factor, at) {
            at = at || { x: view.x + view.width / 2, y: view.y + view.height / 2 };
            const share = factor ? between(view.width / factor, narrowest, data.width) / view.width : data.width / view.width;
            view.x = at.x - (at.x - view.x) * share;
            view.y = at.y - (at.y - view.y) * share;
            view.width *= share;
            look();
          }

          // Where a pointer is on the sheet, in mm.
          function place(pointer, sheet) {
            const box = sheet.getBoundingClientRect();
            return {
              x: view.x + (pointer.clientX - box.left) / box.width * view.width,
              y: view.y + (pointer.clientY - box.top) / box.height * view.height,
            };
          }

          function heat(shown, lane) {
            const values = shown.leads ? shown.leads[lane.lead] : shown.map;
            const value = values[Math.round((cursor.sample / data.rate - shown.start) * shown.rate)] ?? null;
            if (value === null) return 'no value';
            if (!data.signed) return value.toPrecision(3);
            return (value > 0 ? '+' : '') + value.toPrecision(3) + (value > 0 ? ' for' : value < 0 ? ' against' : '');
          }

          function show() {
            const lane = data.lanes[cursor.lane];
            const value = data.leads[lane.lead][cursor.sample];
            const x = lane.x + (cursor.sample - lane.from) * step;
            for (const sheet of sheets) {
              const mark = sheet.querySelector('.cursor');
              mark.setAttribute('visibility', 'visible');
              mark.querySelector('path').setAttribute('d', `M${x} 0V${data.height}`);
              mark.querySelector('circle').setAttribute('cx', x);
              mark.querySelector('circle').setAttribute('cy', value === null ? lane.baseline : lane.baseline - value * data.perUnit);
            }
            const heats = data.classes
              .filter((_, i) => !document.querySelector(`figure[data-class="${i}"]`).hidden)
              .map(shown => `${shown.name} ${heat(shown, lane)}`);
            readout.textContent = [
              `${lane.name} at ${(data.start + cursor.sample / data.rate).toFixed(decimals)} s`,
              value === null ? 'no sample' : `${value.toFixed(3)} ${data.unit}`,
              `${data.mapUnit}: ${heats.join(', ')}`,
            ].join(' | ');
          }

          function put(lane, sample) {
            cursor.lane = between(lane, 0, data.lanes.length - 1);
            const { from, count } = data.lanes[cursor.lane];
            cursor.sample = between(Math.round(sample), from, from + count - 1);
            show();
          }

          function follow() {
            const lane = data.lanes[cursor.lane];
            const x = lane.x + (cursor.sample - lane.from) * step;
            if (x < view.x || x > view.x + view.width) view.x = x - view.width / 2;
            if (lane.baseline < view.y || lane.baseline > view.y + view.height) view.y = lane.baseline - view.height / 2;
            look();
          }

          function point(at) {
            const rows = data.lanes.map((lane, i) => ({ lane, i })).filter(({ lane }) => at.y >= lane.top && at.y < lane.bottom);
            const hit = rows.filter(({ lane }) => at.x >= lane.x - step / 2).pop() || rows[0];
            if (hit) put(hit.i, hit.lane.from + (at.x - hit.lane.x) / step);
          }

          const keys = {
            ArrowLeft: shift => put(cursor.lane, cursor.sample - (shift ? data.rate / 5 : 1)),
            ArrowRight: shift => put(cursor.lane, cursor.sample + (shift ? data.rate / 5 : 1)),
            ArrowUp: () => put(cursor.lane - 1, cursor.sample),
            ArrowDown: () => put(cursor.lane + 1, cursor.sample),
            Home: () => put(cursor.lane, 0),
            End: () => put(cursor.lane, data.length),
            '+': () => zoom(1.5, spot()),
            '=': () => zoom(1.5, spot()),
            '-': () => zoom(1 / 1.5, spot()),
            0: () => zoom(0),
          };
          const spot = () => {
            const lane = data.lanes[cursor.lane];
            return { x: lane.x + (cursor.sample - lane.from) * step, y: lane.baseline };
          };

          for (const sheet of sheets) {
            sheet.addEventListener('keydown', event => {
              if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
              event.preventDefault();
              keys[event.key](event.shiftKey);
              if (event.key.length > 1) follow();
            });
            sheet.addEventListener('focus', show);
            sheet.addEventListener('wheel', event => {
              if (!event.ctrlKey && !event.metaKey) return;
              event.preventDefault();
              zoom(Math.exp(-event.deltaY / 300), place(event, sheet));
            }, { passive: false });
            sheet.addEventListener('pointerdown', event => {
              pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
              point(place(event, sheet));
            });
            sheet.addEventListener('pointermove', event => {
              const before = pointers.get(event.pointerId);
              if (!before) return point(place(event, sheet));
              const other = [...pointers].filter(([id]) => id !== event.pointerId).map(([, pointer]) => pointer)[0];
              const distance = pointer => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY);
              if (other) {
                zoom(distance(event) / Math.max(1, distance(before)), place(other, sheet));
              } else if (view.width < data.width) {
                const [from, to] = [place(before, sheet), place(event, sheet)];
                view.x -= to.x - from.x;
                view.y -= to.y - from.y;
                look();
              }
              pointers.set(event.pointerId, { clientX: event.clientX, clientY: event.clientY });
            });
          }
          for (const end of ['pointerup', 'pointercancel'])
            addEventListener(end, event => pointers.delete(event.pointerId));
          for (const button of document.querySelectorAll('button[data-zoom]'))
            button.addEventListener('click', () => zoom(Number(button.dataset.zoom)));
          for (const box of document.querySelectorAll('input[data-class]'))
            box.addEventListener('change', () => {
              document.querySelector(`figure[data-class="${box.dataset.class}"]`).hidden = !box.checked;
              show();
            });

          // FILE#V2,3.42
          function open() {
            const [name, second] = decodeURIComponent(location.hash.slice(1)).split(',');
            const sample = Math.round((Number(second) - data.start) * data.rate);
            const named = data.lanes.map((lane, i) => ({ lane, i })).filter(({ lane }) => lane.name.toLowerCase() === name.toLowerCase());
            const hit = named.find(({ lane }) => sample >= lane.from && sample < lane.from + lane.count) || named[0];
            if (hit && Number.isFinite(sample)) put(hit.i, sample);
          }
          addEventListener('hashchange', open);
          open();
        })();

        """;
}
