"""Other systems of the body: registers, document flow, treasury, gateways; each may be slow or dead."""
