package io.kontor.api;

import io.kontor.api.evolution.Upcast;
import io.kontor.personal.Personal;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stored events looked like before. An event that was stored stays as it is for ever, so a
 * step that stands here is never taken away.
 */
public final class OlderForms {
  private static final List<Upcast> STEPS =
      List.of(new Upcast("account-opened", null, "2", OlderForms::ownerIsPersonal));

  private OlderForms() {}

  /** The steps from each older form to the next. */
  public static List<Upcast> steps() {
    return STEPS;
  }

  private static ObjectNode ownerIsPersonal(ObjectNode opened) {
    var owner =
        Personal.inTheClear(opened.get("customer").asString(), opened.get("owner").asString());
    return opened.put("owner", owner.stored());
  }
}
