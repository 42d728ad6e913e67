package io.kontor.integration;

import io.kontor.integration.outbound.PublisherLag;
import java.util.function.BooleanSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How publishing is doing, for operators. */
@RestController
class IntegrationController {
  private final PublisherLag lag;
  private final BooleanSupplier failing;

  IntegrationController(PublisherLag lag, BooleanSupplier failing) {
    this.lag = lag;
    this.failing = failing;
  }

  /** Whether what is stored is being published. */
  enum State {
    PUBLISHING,
    /** This node is to publish and can't; what is stored waits. */
    WAITING
  }

  /**
   * What is told.
   *
   * @param position up to which events are published, by whichever node
   * @param head the event store's last position
   */
  record Publishing(State state, long position, long head, long lag) {}

  @GetMapping("/v1/admin/integration")
  Publishing publishing() {
    PublisherLag.Reading found = lag.read();
    State state = failing.getAsBoolean() ? State.WAITING : State.PUBLISHING;
    return new Publishing(state, found.position(), found.head(), found.lag());
  }
}
