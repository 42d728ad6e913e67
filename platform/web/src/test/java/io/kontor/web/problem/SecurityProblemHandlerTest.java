package io.kontor.web.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class SecurityProblemHandlerTest {
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @Test
  void aTokenWithAClaimThatIsNotTakenIsToldWhichOne() throws IOException {
    var refused =
        new JwtValidationException(
            "sub must be visible",
            List.of(new OAuth2Error("invalid_token", "sub must be visible", null)));
    challenge(new InvalidBearerTokenException("sub must be visible", refused));

    assertThat(response.getHeader("WWW-Authenticate"))
        .startsWith("Bearer error=\"invalid_token\"")
        .contains("sub must be visible");
    assertThat(detail()).isEqualTo("a valid bearer token is required: sub must be visible");
  }

  @Test
  void aTokenThatIsNotSignedIsToldNothingMore() throws IOException {
    challenge(new InvalidBearerTokenException("forged", new BadJwtException("forged")));
    assertThat(detail()).isEqualTo("a valid bearer token is required");
  }

  private void challenge(AuthenticationException failure) throws IOException {
    new SecurityProblemHandler(
            JsonMapper.builder()
                .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                .build())
        .commence(new MockHttpServletRequest(), response, failure);
    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getContentType()).isEqualTo("application/problem+json");
  }

  private String detail() throws IOException {
    return JsonMapper.shared().readTree(response.getContentAsString()).path("detail").asString();
  }
}
