package io.kontor.eventstore.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class MessageIdentifiersTest {
  @Test
  void aMessagesIdIsAUuidOfVersionSeven() {
    var id = UUID.fromString(GenericEventMessage.asEventMessage("happened").getIdentifier());

    assertThat(id.version()).isEqualTo(7);
  }
}
