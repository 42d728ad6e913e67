package io.kontor.notifications.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of a response while its token may not be valid any more. */
@Tag("fast")
class EventStreamClientTest {
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @Test
  void aTokenThatIsNotValidAnyMoreEndsTheResponse() {
    EventStreamClient client = client(new BadJwtException("revoked"));
    assertThatThrownBy(() -> client.heartbeat(null)).isInstanceOf(BadJwtException.class);
    assertThat(response.getContentAsByteArray()).isEmpty();
  }

  @Test
  void aTokenWhoseValidityCannotBeFoundOutStaysValid() throws IOException {
    client(new JwtException("the issuer does not answer")).heartbeat(null);
    client(ProblemException.tryAgain(ProblemType.DATABASE_UNAVAILABLE, "later")).heartbeat(null);
    assertThat(response.getContentAsString()).isEqualTo(":\n\n:\n\n");
  }

  @Test
  void aHeartbeatSaysWithWhatAClientComesBack() throws IOException {
    new EventStreamClient(response, new StreamToken(Instant.MAX, () -> {}), JsonMapper.shared())
        .heartbeat(new UUID(1, 2));
    assertThat(response.getContentAsString())
        .isEqualTo("id: 00000000-0000-0001-0000-000000000002\n\n");
  }

  private EventStreamClient client(RuntimeException verified) {
    var token =
        new StreamToken(
            Instant.MAX,
            () -> {
              throw verified;
            });
    return new EventStreamClient(response, token, JsonMapper.shared());
  }
}
