package io.kontor.app.cell;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What each cell may use of a node. Where a tenant's database is, {@code kontor.cells.<tenant>.url}
 * says.
 *
 * @param poolSize connections of each of a cell's two pools
 */
@ConfigurationProperties("kontor.cell")
@Validated
record CellProperties(@DefaultValue("6") @Min(2) int poolSize) {}
