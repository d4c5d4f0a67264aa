"""Communities: the codifier's tree of Ukraine's territories and the self-government bodies connected to it.

A resident of a village is a resident of its hromada, district and region: membership follows the tree's path.
Each connected body has its own address, name, emblem and colours. Who is a member and who holds an office is
known by the identity room above.
"""
