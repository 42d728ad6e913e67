package io.kontor.command.http;

import io.kontor.api.message.VersionedResult;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.request.EntityTags;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.ResponseEntity.BodyBuilder;

/**
 * What a request led to. Everything that is answered derives from it, so a replay is answered like
 * the first time.
 *
 * @param position the position in the event store that was reached
 * @param replayed whether it was led to by an earlier request with the same key
 */
public record CommandResponse<A>(A answer, long position, boolean replayed) {
  public ResponseEntity<A> ok() {
    return answered(ResponseEntity.ok());
  }

  public ResponseEntity<A> accepted() {
    return answered(ResponseEntity.accepted());
  }

  public ResponseEntity<A> accepted(String location) {
    return answered(ResponseEntity.accepted().location(URI.create(location)));
  }

  public ResponseEntity<A> created() {
    return answered(ResponseEntity.status(HttpStatus.CREATED));
  }

  public ResponseEntity<A> created(String location) {
    return answered(ResponseEntity.created(URI.create(location)));
  }

  public ResponseEntity<Void> noContent() {
    var response =
        ResponseEntity.noContent().header(KontorHeaders.POSITION, Long.toString(position));
    if (replayed) {
      response.header(KontorHeaders.IDEMPOTENT_REPLAYED, "true");
    }
    return response.build();
  }

  private ResponseEntity<A> answered(BodyBuilder response) {
    response.header(KontorHeaders.POSITION, Long.toString(position));
    if (replayed) {
      response.header(KontorHeaders.IDEMPOTENT_REPLAYED, "true");
    }
    if (answer instanceof VersionedResult stream) {
      response.eTag(EntityTags.of(stream.version()));
    }
    return response.body(answer);
  }
}
