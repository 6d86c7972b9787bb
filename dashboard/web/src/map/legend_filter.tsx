// The legend, which is the filter: each entry says what a mark means and how many there are, and chooses them.

import { RoleMark } from "../components/role_mark";
import { formatCount } from "../logic/format";
import { withAge, withRole, type Filtered, type MapChoice } from "../logic/map_choice";
import { kAges, kShapes, type Age, type Shape } from "../logic/roles";
import { ask } from "../state/url";
import { t } from "../texts/texts";

interface EntryProps {
  shape: Shape;
  age?: Age;
  name: string;
  count: number;
  pressed: boolean;
  pale: boolean; // others of its list are chosen
  onChoose(): void;
}

function Entry({ shape, age, name, count, pressed, pale, onChoose }: EntryProps) {
  return (
    <button type="button" class={pale ? "legend-entry pale" : "legend-entry"} aria-pressed={pressed} title={t.mapPage.filterHint} onClick={onChoose}>
      {age ? <RoleMark shape={shape} age={age} /> : <RoleMark shape={shape} />}
      <span class="clip">{name}</span>
      <span class="count">{formatCount(count)}</span>
    </button>
  );
}

export function LegendFilter({ choice, counts }: { choice: MapChoice; counts: Filtered }) {
  const { roles, ages } = choice;
  const chosen = roles.size > 0 || ages.size > 0;
  return (
    <section class="map-section">
      <div class="map-legend">
        <div role="group" aria-label={t.mapPage.roles}>
          <h2 aria-hidden="true">{t.mapPage.roles}</h2>
          {kShapes.map((shape) => (
            <Entry
              key={shape}
              shape={shape}
              name={t.map.shapes[shape]}
              count={counts.roles[shape]}
              pressed={roles.has(shape)}
              pale={roles.size > 0 && !roles.has(shape)}
              onChoose={() => ask({ options: withRole(choice, shape) })}
            />
          ))}
        </div>
        <div role="group" aria-label={t.mapPage.ages}>
          <h2 aria-hidden="true">{t.mapPage.ages}</h2>
          {kAges.map((age) => (
            <Entry
              key={age}
              shape="circle"
              age={age}
              name={t.mapPage.ageNames[age]}
              count={counts.ages[age]}
              pressed={ages.has(age)}
              pale={ages.size > 0 && !ages.has(age)}
              onChoose={() => ask({ options: withAge(choice, age) })}
            />
          ))}
          <button type="button" class="legend-all" disabled={!chosen} onClick={() => ask({ options: { roles: "", ages: "" } })}>
            {t.mapPage.all}
          </button>
        </div>
      </div>
    </section>
  );
}
