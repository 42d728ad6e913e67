package io.kontor.integration.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The publisher's status, for operators. */
@RestController
@Tag(name = "Integration")
public class PublisherStatusController {
  private final PublisherLag lag;
  private final ObjectProvider<EventPublisher> publisher;

  public PublisherStatusController(PublisherLag lag, ObjectProvider<EventPublisher> publisher) {
    this.lag = lag;
    this.publisher = publisher;
  }

  /** Whether stored events are being published. */
  enum State {
    PUBLISHING,
    /** This node should publish but fails; stored events wait. */
    WAITING,
    /** The published events are not those stored here; an operator has to decide. */
    STOPPED
  }

  /**
   * The response body.
   *
   * @param position up to which events are published, by whichever node
   * @param head the event store's last position
   * @param reason why publishing is stopped
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Publishing")
  record Publishing(State state, long position, long head, long lag, @Nullable String reason) {}

  @GetMapping("/v1/admin/integration")
  @Operation(operationId = "getPublishing", summary = "How far events are published to Kafka")
  Publishing publishing() {
    PublisherLag.Reading found = lag.read();
    EventPublisher here = publisher.getIfAvailable();
    String reason = here == null ? null : here.refusal().orElse(null);
    return new Publishing(state(here), found.position(), found.head(), found.lag(), reason);
  }

  private static State state(@Nullable EventPublisher here) {
    if (here == null || !here.isFailing()) {
      return State.PUBLISHING;
    }
    return here.refusal().isPresent() ? State.STOPPED : State.WAITING;
  }
}
