package io.kontor.app.cell;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * The tag {@code cell} of Kontor's own meters: a tenant with a database of its own, or {@code
 * shared}. All of them have it, since Prometheus wants equal tags of meters with one name.
 */
final class CellTag implements MeterFilter {
  static final String NAME = "cell";
  private static final String SHARED = "shared";
  private static final String OWN = "kontor.";

  @Override
  public Meter.Id map(Meter.Id id) {
    return id.getName().startsWith(OWN) && id.getTag(NAME) == null
        ? id.withTag(Tag.of(NAME, SHARED))
        : id;
  }

  /** Leaves out meters of libraries, which have no such tag elsewhere. */
  static MeterFilter ownMetersOnly() {
    return MeterFilter.denyUnless(id -> id.getName().startsWith(OWN));
  }
}
