/**
 * What the bank tells other systems, exactly once for whoever reads committed records only. How:
 * docs/adr/0022.
 */
@NullMarked
package io.kontor.integration.outbound;

import org.jspecify.annotations.NullMarked;
