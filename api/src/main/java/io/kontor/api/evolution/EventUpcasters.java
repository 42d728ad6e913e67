package io.kontor.api.evolution;

import io.kontor.personaldata.SealedText;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stored events looked like before. An event that was stored stays as it is for ever, so a
 * step that stands here is never taken away.
 */
public final class EventUpcasters {
  private static final List<UpcastStep> STEPS =
      List.of(new UpcastStep("account-opened", null, "2", EventUpcasters::ownerIsPersonal));

  private EventUpcasters() {}

  /** The steps from each older form to the next. */
  public static List<UpcastStep> steps() {
    return STEPS;
  }

  private static ObjectNode ownerIsPersonal(ObjectNode opened) {
    var owner =
        SealedText.inTheClear(opened.get("customer").asString(), opened.get("owner").asString());
    return opened.put("owner", owner.stored());
  }
}
