package io.kontor.command.web;

import io.kontor.api.VersionedResult;
import io.kontor.web.EntityTags;
import io.kontor.web.KontorHeaders;
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
record CommandResponse<A>(A answer, long position, boolean replayed) {
  ResponseEntity<A> ok() {
    return answered(ResponseEntity.ok());
  }

  ResponseEntity<A> accepted() {
    return answered(ResponseEntity.accepted());
  }

  ResponseEntity<A> accepted(String location) {
    return answered(ResponseEntity.accepted().location(URI.create(location)));
  }

  ResponseEntity<A> created() {
    return answered(ResponseEntity.status(HttpStatus.CREATED));
  }

  ResponseEntity<A> created(String location) {
    return answered(ResponseEntity.created(URI.create(location)));
  }

  ResponseEntity<Void> noContent() {
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
