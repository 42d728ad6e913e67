package io.kontor.api.evolution;

import io.kontor.personaldata.SealedText;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The upcast steps of all events. Stored events never change, so a step is never removed. */
public final class EventUpcasters {
  private static final List<UpcastStep> STEPS =
      List.of(new UpcastStep("account-opened", null, "2", EventUpcasters::ownerIsPersonal));

  private EventUpcasters() {}

  public static List<UpcastStep> steps() {
    return STEPS;
  }

  private static ObjectNode ownerIsPersonal(ObjectNode opened) {
    var owner =
        SealedText.inTheClear(opened.get("customer").asString(), opened.get("owner").asString());
    return opened.put("owner", owner.stored());
  }
}
